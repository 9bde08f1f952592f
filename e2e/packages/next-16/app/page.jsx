'use client'
import { useEffect } from 'react'

export default function Page() {
  // In the browser alone: there is no SharedWorker where Next renders a page.
  useEffect(() => void import('../main.js'), [])
  return null
}
