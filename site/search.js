// The search of an exported book. Its index and library are loaded when a reader first turns to it.
;(() => {
  // The words of the page's language, with values put into their braces.
  const words = JSON.parse(document.documentElement.dataset.words)
  const fill = (word, values) => word.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole))
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties)
    element.append(...children)
    return element
  }

  let library
  function loadLibrary() {
    library ??= Promise.all(['minisearch', 'search-index'].map(loadScript)).then(() => {
      const {index, sections} = globalThis.courseSearch
      return {sections, search: globalThis.MiniSearch.loadJSON(index, {fields: ['title', 'text'], idField: 'id'})}
    })
    return library
  }

  function loadScript(name) {
    return new Promise((resolve, reject) => {
      const script = make('script', {src: `assets/${name}.js`})
      script.addEventListener('load', resolve)
      script.addEventListener('error', () => reject(new Error(`Cannot load ${script.src}`)))
      document.head.append(script)
    })
  }

  function offerSearch() {
    const box = document.querySelector('.search')
    const field = box.querySelector('input')
    const results = box.querySelector('.results')
    const close = () => {
      results.hidden = true
    }
    box.hidden = false
    let latest = 0
    const search = async () => {
      const typed = field.value.trim()
      const own = ++latest
      if (typed === '') return close()
      const {search, sections} = await loadLibrary()
      if (own !== latest) return
      const found = search.search(typed, {
        prefix: (term) => term.length > 2,
        fuzzy: (term) => (term.length > 4 ? 0.2 : false),
        boost: {title: 4},
        combineWith: 'AND',
      })
      // What has just this title comes first, whatever its length.
      const isNamed = ({id}) => sections[id].title.toLowerCase() === typed.toLowerCase()
      const ordered = [...found.filter(isNamed), ...found.filter((each) => !isNamed(each))]
      const shown = ordered.slice(0, 20).map(({id, terms}) => ({...sections[id], terms}))
      showResults(results, shown, found.length)
    }
    field.addEventListener('focus', () => loadLibrary(), {once: true})
    field.addEventListener('input', search)
    field.addEventListener('focus', () => field.value.trim() !== '' && search())
    document.addEventListener('click', (event) => !box.contains(event.target) && close())
    results.addEventListener('click', (event) => event.target.closest('a') && close())
    box.addEventListener('keydown', (event) => {
      const links = [...results.querySelectorAll('a')]
      const at = links.indexOf(document.activeElement)
      if (event.key === 'Escape') {
        close()
        field.focus()
      } else if (event.key === 'ArrowDown') links[Math.min(at + 1, links.length - 1)]?.focus()
      else if (event.key === 'ArrowUp') (at <= 0 ? field : links[at - 1]).focus()
      else if (event.key === 'Enter' && at === -1) links[0]?.click()
      else return
      event.preventDefault()
    })
    document.addEventListener('keydown', (event) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || /^(input|textarea)$/i.test(event.target.tagName))
        return
      event.preventDefault()
      field.focus()
    })
  }

  function showResults(results, found, count) {
    const more = count > found.length ? ` · ${fill(words.firstFound, {count: found.length})}` : ''
    results.querySelector('.found').textContent =
      count === 0 ? words.nothingFound : `${fill(words.found, {count})}${more}`
    results.querySelector('ol').replaceChildren(
      ...found.map(({title, text, url, chapter, terms}) => {
        const link = make('a', {href: url}, make('strong', {textContent: title}))
        if (chapter !== title) link.append(make('span', {className: 'where', textContent: chapter}))
        if (text !== '') link.append(make('span', {className: 'snippet'}, ...snippet(text, terms)))
        return make('li', {}, link)
      }),
    )
    results.hidden = false
  }

  /** A stretch of a text around the first word that was found, with all such words marked. */
  function snippet(text, terms) {
    const patterns = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    const pattern = new RegExp(`(${patterns.join('|')})`, 'iu')
    const first = Math.max(text.search(pattern), 0)
    const start = first < 60 ? 0 : text.indexOf(' ', first - 60) + 1
    const isCut = start + 180 < text.length
    const piece = isCut ? text.slice(start, start + 180).replace(/\s+\S*$/, '') : text.slice(start)
    const parts = piece.split(new RegExp(pattern.source, 'giu'))
    return [
      start > 0 ? '… ' : '',
      ...parts.map((part, at) => (at % 2 === 1 ? make('mark', {textContent: part}) : part)),
      isCut ? ' …' : '',
    ]
  }

  offerSearch()
})()
