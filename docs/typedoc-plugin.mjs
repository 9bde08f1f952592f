/**
 * Two things that typedoc has no option for: modules are called what users import, and a field of an interface or a
 * class needs a docstring, but one of a type without a name does not. (The fields of the wire format are such, and
 * `PROTOCOL.md` says what they mean.)
 */
import { Application, Converter, ReflectionKind } from 'typedoc'
import { entries } from './entries.mjs'

const named = ReflectionKind.Interface | ReflectionKind.Class

/** @param {Application} app */
export const load = (app) => {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return
    const files = context
      .getSymbolFromReflection(reflection)
      ?.declarations?.map((at) => at.getSourceFile().fileName)
    const entry = entries.find(({ source }) => files?.includes(source))
    if (entry) reflection.name = entry.name
  })
  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.Property)) {
      if (!reflection.parent?.kindOf(named) || reflection.hasComment() || reflection.flags.isExternal)
        continue
      app.logger.validationWarning(`${reflection.getFriendlyFullName()} has no docstring`)
    }
  })
}
