/** Sees whether anything was added to the prototypes that everything inherits from, taken away, or put in place. */

const watched = [Object.prototype, Array.prototype, Function.prototype, Promise.prototype] as const

const snapshot = watched.map((prototype) => ({
  prototype,
  keys: Reflect.ownKeys(prototype),
  own: Object.getOwnPropertyDescriptors<object>(prototype) as Record<PropertyKey, PropertyDescriptor>, // by any key
}))

const isSame = (before: PropertyDescriptor | undefined, now: PropertyDescriptor | undefined): boolean =>
  before?.value === now?.value && before?.get === now?.get && before?.set === now?.set

/** @throws {Error} A built-in prototype is not what it was when this file was loaded. */
export const expectPrototypesUntouched = (): void => {
  for (const { prototype, keys, own } of snapshot) {
    const name = `${prototype.constructor.name}.prototype`
    const now = Reflect.ownKeys(prototype)
    if (now.length !== keys.length) throw new Error(`${name} has other keys than before: ${String(now)}`)
    for (const key of keys) {
      if (isSame(own[key], Reflect.getOwnPropertyDescriptor(prototype, key))) continue
      throw new Error(`${name}.${String(key)} is not what it was`)
    }
  }
}
