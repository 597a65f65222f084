import { StateMark } from '../../components/state-mark.tsx'

const marks = { safe: 'healthy', risky: 'cooling', overflow: 'tripped', unknown: 'unknown' } as const

/** How a request fits, as a shape; its words stand beside it. */
export function VerdictMark({ verdict }: { verdict: keyof typeof marks }) {
  return <StateMark state={marks[verdict]} silent />
}
