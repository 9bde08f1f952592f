/** What was measured: one row for each measure, contestant and number of tabs, with a value for each round. */

/**
 * @typedef {object} Row
 * @property {string} measure
 * @property {string} contestant
 * @property {number} tabs
 * @property {number[]} values
 */

/** @param {readonly number[]} values @param {number} share from 0 to 1 */
export const quantile = (values, share) => {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] ?? Number.NaN
  return below + ((sorted[Math.ceil(place)] ?? below) - below) * (place % 1)
}

export class Results {
  /** @type {Row[]} */
  rows = []

  /** @param {string} measure @param {string} contestant @param {number} tabs @param {number} value */
  add(measure, contestant, tabs, value) {
    const row = this.find(measure, contestant, tabs)
    if (row) row.values.push(value)
    else this.rows.push({ measure, contestant, tabs, values: [value] })
  }

  /** @param {string} measure @param {string} contestant @param {number} tabs */
  find(measure, contestant, tabs) {
    return this.rows.find(
      (row) => row.measure === measure && row.contestant === contestant && row.tabs === tabs,
    )
  }

  /** NaN if it was not measured. @param {string} measure @param {string} contestant @param {number} tabs */
  median(measure, contestant, tabs) {
    return quantile(this.find(measure, contestant, tabs)?.values ?? [], 0.5)
  }
}
