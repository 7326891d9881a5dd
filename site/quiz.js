// The quizzes of an exported book: what is chosen is checked, explained and counted.
;(() => {
  // The words of the page's language, with values put into their braces.
  const words = JSON.parse(document.documentElement.dataset.words)
  const fill = (word, values) => word.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole))
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties)
    element.append(...children)
    return element
  }

  function offerQuiz(quiz) {
    const questions = [...quiz.querySelectorAll('.question')].filter((each) => each.querySelector('input') !== null)
    if (questions.length === 0) return
    const states = new Map()
    const said = make('p')
    said.setAttribute('role', 'status')
    const again = make('button', {type: 'button', textContent: words.again, hidden: true})
    const score = make('div', {className: 'score'}, said, again)
    quiz.append(score)
    const count = () => {
      const right = [...states.values()].filter(Boolean).length
      const left = questions.length - states.size
      const score = fill(words.score, {right, done: states.size})
      said.textContent = states.size === 0 ? '' : left === 0 ? score : `${score} · ${fill(words.left, {left})}`
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
    const button = make('button', {type: 'button', textContent: words.check})
    const verdict = make('p', {className: 'verdict'})
    verdict.setAttribute('role', 'status')
    answer.before(make('div', {className: 'checking'}, button, verdict))
    // An option of several blocks is no label, which holds words alone.
    for (const option of question.querySelectorAll('div.option'))
      option.addEventListener('click', (event) => {
        if (event.target.closest('a, button, input') === null) option.querySelector('input').click()
      })
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
      if (!inputs.some(({checked}) => checked)) return say(words.chooseFirst, '')
      const isRight = inputs.every((input) => input.checked === 'right' in input.dataset)
      for (const input of inputs) {
        input.disabled = true
        const {classList} = input.closest('.option')
        if ('right' in input.dataset) classList.add('is-right')
        else if (input.checked) classList.add('is-wrong')
      }
      say(isRight ? words.isRight : words.isWrong, isRight ? 'is-right' : 'is-wrong')
      answer.open = true
      answer.querySelector('summary').focus()
      button.hidden = true
      tell(isRight)
    })
    reset()
    return reset
  }

  for (const quiz of document.querySelectorAll('.quiz')) offerQuiz(quiz)
})()
