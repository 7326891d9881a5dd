/** The closing parts of a chapter on tea: its key terms and a quiz with the answer. */
export const teaQuiz = `## Key Terms

- **Leaf**: What is steeped.

## Quiz

1. Which leaf is green?
   - A) Assam
   - B) Sencha

**Answers**

1. **B**: it is steamed.`
