// What an exported book does in a browser. Every page can be read without it. It loads nothing but the site's own files
// and keeps what a reader did in the browser alone.
;(() => {
  const root = document.documentElement
  // The words of the page's language, with values put into their braces.
  const words = JSON.parse(root.dataset.words)
  const fill = (word, values) => word.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole))
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
      button.setAttribute('aria-label', isDark() ? words.lightColours : words.darkColours)
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
      const button = make('button', {type: 'button', textContent: words.copy})
      button.addEventListener('click', async () => {
        const isCopied = await copy(block.querySelector('code').textContent.replace(/\n$/, ''))
        button.textContent = isCopied ? words.copied : words.cannotCopy
        setTimeout(() => {
          button.textContent = words.copy
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

  function readList(key) {
    try {
      const list = JSON.parse(read(key) ?? '[]')
      return Array.isArray(list) ? list : []
    } catch {
      return [] // Somebody else's page wrote it: all pages on a disk share one place.
    }
  }

  // Progress: a page counts as read when its end was seen.
  function noteProgress() {
    const done = new Set(readList(keyOf('read')))
    const {page, chapters} = root.dataset
    const isChapter = page.startsWith('chapter-')
    const show = () => {
      for (const row of document.querySelectorAll('li[data-path^="chapter-"]')) {
        if (!done.has(row.dataset.path) || row.classList.contains('read')) continue
        row.classList.add('read')
        row.querySelector('a').setAttribute('title', words.read)
      }
      const progress = document.querySelector('.progress')
      progress.textContent = fill(words.chaptersRead, {done: done.size, all: chapters})
      progress.hidden = done.size === 0 || done.size > Number(chapters)
    }
    show()
    const resume = document.querySelector('.resume')
    const last = read(keyOf('last'))
    const row = last === null ? null : document.querySelector(`.sidebar li[data-path="${CSS.escape(last)}"] a`)
    if (resume !== null && row !== null) {
      resume.append(make('a', {href: last, textContent: fill(words.resume, {title: row.textContent})}))
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
    offerTips()
    noteProgress()
    offerMenu()
  })
})()
