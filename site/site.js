// What an exported book does in a browser. Every page can be read without it. It loads nothing but the site's own files
// and keeps what a reader did in the browser alone.
;(() => {
  const root = document.documentElement
  const keyOf = (name) => `course:${root.dataset.course}:${name}`
  const read = (key) => {
    try {
      return localStorage.getItem(key)
    } catch {
      return null // A browser may forbid it, for a page on a disk too.
    }
  }
  const keep = (key, value) => {
    try {
      localStorage.setItem(key, value)
    } catch {
      // Then it holds for this page alone.
    }
  }
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties)
    element.append(...children)
    return element
  }

  // The look, before anything is painted.
  const themeKey = 'course:theme'
  const chosen = read(themeKey)
  if (chosen === 'dark' || chosen === 'light') root.dataset.theme = chosen
  const isDark = () =>
    (root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark'

  function offerTheme() {
    const button = document.querySelector('.theme')
    const show = () => {
      button.textContent = isDark() ? '☀' : '☾'
      button.setAttribute('aria-label', isDark() ? 'Light colours' : 'Dark colours')
    }
    button.hidden = false
    button.addEventListener('click', () => {
      root.dataset.theme = isDark() ? 'light' : 'dark'
      keep(themeKey, root.dataset.theme)
      show()
    })
    show()
  }

  function offerCopies() {
    for (const block of document.querySelectorAll('.code')) {
      const button = make('button', {type: 'button', textContent: 'Copy'})
      const said = make('span', {className: 'said'})
      said.setAttribute('role', 'status')
      button.addEventListener('click', async () => {
        const isCopied = await copy(block.querySelector('code').textContent.replace(/\n$/, ''))
        button.textContent = isCopied ? 'Copied' : 'Cannot copy'
        setTimeout(() => {
          button.textContent = 'Copy'
        }, 2000)
      })
      block.append(button)
    }
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      const area = make('textarea', {value: text})
      document.body.append(area)
      area.select()
      const isCopied = document.execCommand('copy')
      area.remove()
      return isCopied
    }
  }

  // Search: its index and library are loaded when a reader first turns to it.
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
      const words = field.value.trim()
      const own = ++latest
      if (words === '') return close()
      const {search, sections} = await loadLibrary()
      if (own !== latest) return
      const found = search.search(words, {
        prefix: (term) => term.length > 2,
        fuzzy: (term) => (term.length > 4 ? 0.2 : false),
        boost: {title: 4},
        combineWith: 'AND',
      })
      showResults(
        results,
        found.slice(0, 20).map(({id, terms}) => ({...sections[id], terms})),
        found.length,
      )
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
    const more = count > found.length ? `, the first ${found.length} are shown` : ''
    results.querySelector('.found').textContent = count === 0 ? 'Nothing found' : `${count} found${more}`
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
    const words = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    const pattern = new RegExp(`(${words.join('|')})`, 'iu')
    const first = Math.max(text.search(pattern), 0)
    const start = first < 60 ? 0 : text.indexOf(' ', first - 60) + 1
    const piece = text.slice(start, start + 180)
    const parts = piece.split(new RegExp(pattern.source, 'giu'))
    return [
      start > 0 ? '… ' : '',
      ...parts.map((part, at) => (at % 2 === 1 ? make('mark', {textContent: part}) : part)),
      start + 180 < text.length ? ' …' : '',
    ]
  }

  // Quizzes: what is chosen is checked, explained and counted.
  function offerQuiz(quiz) {
    const questions = [...quiz.querySelectorAll('.question')].filter((each) => each.querySelector('input') !== null)
    if (questions.length === 0) return
    const states = new Map()
    const said = make('p')
    said.setAttribute('role', 'status')
    const again = make('button', {type: 'button', textContent: 'Start again', hidden: true})
    const score = make('div', {className: 'score'}, said, again)
    quiz.append(score)
    const count = () => {
      const right = [...states.values()].filter(Boolean).length
      const left = questions.length - states.size
      said.textContent =
        states.size === 0 ? '' : `${right} of ${states.size} right${left === 0 ? '' : `, ${left} to go`}`
      again.hidden = states.size === 0
    }
    const resets = questions.map((question) =>
      offerCheck(question, (isRight) => {
        states.set(question, isRight)
        count()
      }),
    )
    again.addEventListener('click', () => {
      states.clear()
      for (const reset of resets) reset()
      count()
      questions[0].querySelector('input').focus()
    })
  }

  function offerCheck(question, tell) {
    const inputs = [...question.querySelectorAll('input')]
    const answer = question.querySelector('.answer')
    const button = make('button', {type: 'button', textContent: 'Check'})
    const verdict = make('p', {className: 'verdict'})
    verdict.setAttribute('role', 'status')
    answer.before(make('div', {className: 'checking'}, button, verdict))
    const say = (text, name) => {
      verdict.textContent = text
      verdict.className = `verdict ${name}`
    }
    const reset = () => {
      for (const input of inputs) {
        input.checked = input.disabled = false
        input.closest('.option').classList.remove('is-right', 'is-wrong')
      }
      button.hidden = false
      answer.open = false
      say('', '')
    }
    button.addEventListener('click', () => {
      if (!inputs.some(({checked}) => checked)) return say('Choose an answer first.', '')
      const isRight = inputs.every((input) => input.checked === 'right' in input.dataset)
      for (const input of inputs) {
        input.disabled = true
        const {classList} = input.closest('.option')
        if ('right' in input.dataset) classList.add('is-right')
        else if (input.checked) classList.add('is-wrong')
      }
      say(isRight ? 'Right.' : 'Not right.', isRight ? 'is-right' : 'is-wrong')
      answer.open = true
      answer.querySelector('summary').focus()
      button.hidden = true
      tell(isRight)
    })
    reset()
    return reset
  }

  // Terms: what they mean is shown while they are pointed at or have the focus.
  function offerTips() {
    let open
    const hide = () => {
      if (open !== undefined) open.hidden = true
      open = undefined
    }
    const show = (term) => {
      hide()
      open = document.getElementById(term.getAttribute('aria-describedby')) ?? undefined
      if (open === undefined) return
      open.hidden = false
      const {left, top, bottom} = term.getBoundingClientRect()
      const {width, height} = open.getBoundingClientRect()
      const isBelow = bottom + height + 12 < innerHeight || top < height + 12
      open.style.left = `${Math.max(8, Math.min(left, root.clientWidth - width - 8)) + scrollX}px`
      open.style.top = `${(isBelow ? bottom + 4 : top - height - 4) + scrollY}px`
    }
    let leaving
    for (const term of document.querySelectorAll('.term')) {
      term.addEventListener('mouseenter', () => {
        clearTimeout(leaving)
        show(term)
      })
      term.addEventListener('focus', () => show(term))
      term.addEventListener('blur', hide)
      // Time to move onto the tip, which then stays.
      term.addEventListener('mouseleave', () => {
        leaving = setTimeout(hide, 200)
      })
    }
    for (const tip of document.querySelectorAll('[role="tooltip"]')) {
      tip.addEventListener('mouseenter', () => clearTimeout(leaving))
      tip.addEventListener('mouseleave', hide)
    }
    document.addEventListener('keydown', (event) => event.key === 'Escape' && hide())
  }

  // Progress: a page counts as read when its end was seen.
  function noteProgress() {
    const done = new Set(JSON.parse(read(keyOf('read')) ?? '[]'))
    const {page} = root.dataset
    const isChapter = page.startsWith('chapter-')
    const show = () => {
      const rows = document.querySelectorAll('li[data-path^="chapter-"]')
      const paths = new Set([...rows].map(({dataset}) => dataset.path))
      for (const row of rows) {
        if (!done.has(row.dataset.path) || row.classList.contains('read')) continue
        row.classList.add('read')
        row.querySelector('a').setAttribute('title', 'Read')
      }
      const count = [...paths].filter((path) => done.has(path)).length
      const progress = document.querySelector('.progress')
      progress.textContent = `${count} of ${paths.size} chapters read`
      progress.hidden = count === 0
    }
    show()
    const resume = document.querySelector('.resume')
    const last = read(keyOf('last'))
    const row = last === null ? null : document.querySelector(`.sidebar li[data-path="${CSS.escape(last)}"] a`)
    if (resume !== null && row !== null) {
      resume.append(make('a', {href: last, textContent: `Continue with ${row.textContent}`}))
      resume.hidden = false
    }
    if (!isChapter) return
    keep(keyOf('last'), page)
    new IntersectionObserver((entries, observer) => {
      if (!entries.some(({isIntersecting}) => isIntersecting)) return
      observer.disconnect()
      done.add(page)
      keep(keyOf('read'), JSON.stringify([...done].sort()))
      show()
    }).observe(document.querySelector('.neighbours'))
  }

  function offerMenu() {
    const sidebar = document.querySelector('.sidebar')
    const menu = document.querySelector('.menu')
    const isOpen = () => location.hash === '#ui:sidebar'
    const close = () => {
      if (isOpen()) location.replace('#ui:main')
    }
    sidebar.addEventListener('click', (event) => event.target.closest('a:not(.close)') && close())
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !isOpen()) return
      close()
      menu.focus()
    })
    const current = sidebar.querySelector('[aria-current]')
    if (current !== null && current.offsetTop > sidebar.clientHeight / 2)
      sidebar.scrollTop = current.offsetTop - sidebar.clientHeight / 3
  }

  document.addEventListener('DOMContentLoaded', () => {
    offerTheme()
    offerCopies()
    offerSearch()
    for (const quiz of document.querySelectorAll('.quiz')) offerQuiz(quiz)
    offerTips()
    noteProgress()
    offerMenu()
  })
})()
