import { expect, test } from 'vitest'
import type * as z from 'zod/mini'
import { RelayEventSchema, ServerEventSchema } from './index.js'
import { frameShapes, localTypes, type Shape } from './shapes.js'

type AnySchema = z.core.$ZodTypes

/** A schema's shape, and the marks of the field that has it; null if anything passes. */
const shapeOf = (schema: z.core.$ZodType): { shape: Shape; marks: string } | null => {
  // oxlint-disable-next-line no-underscore-dangle -- zod's own name for what a schema is made of
  const { def } = (schema as AnySchema)._zod // every schema of zod is one of these
  switch (def.type) {
    case 'optional': {
      const inner = shapeOf(def.innerType)
      return inner && { shape: inner.shape, marks: `?${inner.marks}` }
    }
    case 'nullable': {
      const inner = shapeOf(def.innerType)
      return inner && { shape: inner.shape, marks: `${inner.marks}~` }
    }
    case 'string':
      return { shape: 'format' in def ? String(def.format) : 'string', marks: '' }
    case 'number':
      return { shape: 'format' in def ? 'count' : 'number', marks: '' }
    case 'boolean':
      return { shape: 'boolean', marks: '' }
    case 'enum':
      return { shape: Object.values(def.entries).join('|'), marks: '' }
    case 'record':
      return { shape: 'object', marks: '' }
    case 'array': {
      const inner = shapeOf(def.element)
      return inner && { shape: [inner.shape], marks: '' }
    }
    case 'object':
      return { shape: fieldsOf(def.shape), marks: '' }
    case 'custom':
    case 'unknown':
      return null
    default:
      throw new Error(`expected a schema that has a shape, got ${def.type}`)
  }
}

const fieldsOf = (fields: Readonly<Record<string, z.core.$ZodType>>): { [field: string]: Shape } =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, schema]) => {
      const of = name === 'type' ? null : shapeOf(schema)
      return of ? [[`${name}${of.marks}`, of.shape]] : []
    }),
  )

const typeOf = (option: (typeof RelayEventSchema.def.options)[number]): string =>
  option.shape.type.def.values[0]!

test('the shapes are those of the schemas', () => {
  const derived = ServerEventSchema.def.options.map((option) => [typeOf(option), fieldsOf(option.shape)])
  expect(frameShapes).toEqual(Object.fromEntries(derived))
})

test('the local types are those that only the client has', () => {
  const own = RelayEventSchema.def.options.map(typeOf).filter((type) => !Object.hasOwn(frameShapes, type))
  expect(localTypes).toEqual(own)
})
