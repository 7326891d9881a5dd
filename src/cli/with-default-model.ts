import type {BookPlan} from './build-book.ts'
import {defaultModel} from './build-settings.ts'

/** The plan with the model that a build would ask, where neither config nor record names one. */
export function withDefaultModel(plan: BookPlan): BookPlan {
  const {render} = plan.context
  if (render.model !== '') return plan
  return {...plan, context: {...plan.context, render: {...render, model: defaultModel}}}
}
