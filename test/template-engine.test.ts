import {expect, it} from 'vitest'
import type {PromptTemplate} from '../src/model/prompt-template.ts'
import {TemplateEngine} from '../src/plan/template-engine.ts'

function template(body: string): PromptTemplate {
  return {name: 'own', path: 'prompts/own.md', body, bodyLine: 1, settings: {}, isShipped: false}
}

it('renders a template anew when a value that it names is another one, and only then', () => {
  const engine = new TemplateEngine()
  let reads = 0
  const course = {
    get title() {
      reads++
      return 'Tea'
    },
  }
  const own = template('{{ course.title }}{% for one in list %} {{ one }}{% endfor %}')
  const list = ['a']
  const render = (values: object): string => engine.render(own, {course, list, other: 1, ...values})
  expect(render({})).toBe('Tea a')
  expect(render({other: 2})).toBe('Tea a')
  expect(reads).toBe(1)
  expect(render({list: ['a', 'b']})).toBe('Tea a b')
  expect(render({list})).toBe('Tea a')
  expect(render({course: {title: 'Water'}})).toBe('Water a')
  expect(engine.render(template('{{ list | size }}'), {list})).toBe('1')
  expect(engine.render(template('As it stands.'), {})).toBe('As it stands.')
  expect([engine.names(own, 'list'), engine.names(own, 'other')]).toEqual([true, false])
})
