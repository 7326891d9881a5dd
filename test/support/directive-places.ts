/** The start of an outline that has a directive in each place where one may stand. */
export const directivePlaces = `# Alpha

"<prompt>Block.</prompt>"

"<prompt>Block behind a block.</prompt>"

Text of the author.

## Beta

*   "<prompt>Item.</prompt>"
*   Own item.
    *   "<prompt>Nested item.</prompt>"
    *   Own nested item.

## Gamma

*   **Label:** "<prompt>Labelled.</prompt>"
*   Another own item.

**Label above:**
"<prompt>Labelled outside a list.</prompt>"

### Delta

1. "<prompt>Numbered item.</prompt>"
2. Own number.

"<prompt>Block between lists.</prompt>"

- Own list.

"<prompt>Block with text behind.</prompt>" Text behind.

###### Omega

"<prompt>Deep block.</prompt>"
`
