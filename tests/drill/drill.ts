// npm run drill: plays every fault of the table against a gateway and prints what each client saw.
// Exits with 1 when something is not as the table says. Flag: --only WORDS, a part of the fault's name
import { parseArgs } from 'node:util'
import type { Seen } from './clients.ts'
import { faults } from './faults.ts'
import { type Played, playFaults } from './play.ts'

const { values: flags } = parseArgs({ options: { only: { type: 'string' } } })
const chosen = faults.filter(({ name }) => name.toLowerCase().includes(flags.only?.toLowerCase() ?? ''))
if (chosen.length === 0) {
  console.error(`No fault has “${flags.only}” in its name.`)
  process.exit(2)
}

const rows = await playFaults(chosen)
console.log('  client          second  status  target  attempts  seconds  saw\n')
for (const fault of chosen) {
  console.log(`${fault.name} (${fault.service})`)
  for (const row of rows.filter((one) => one.fault === fault)) print(row)
  console.log()
}
const wrong = rows.filter(({ problems }) => problems.length > 0)
console.log(
  wrong.length === 0
    ? `All ${rows.length} answers are as they should be.`
    : `${wrong.length} of ${rows.length} answers are not as they should be: see the lines with a !`,
)
process.exitCode = wrong.length === 0 ? 0 : 1

function print({ client, second, seen, by, problems }: Played): void {
  const cells = [
    client.name.padEnd(15),
    (second ? 'yes' : 'no').padEnd(7),
    String(seen.status).padEnd(7),
    by.padEnd(7),
    String(seen.attempts).padEnd(9),
    seen.seconds.toFixed(1).padStart(7),
    '',
    inWords(seen),
  ]
  console.log(`  ${cells.join(' ')}`)
  for (const problem of problems) console.log(`! ${problem}`)
}

function inWords({ end, text, words, waitSeconds }: Seen): string {
  const wait = waitSeconds === undefined ? '' : ` [told to wait ${waitSeconds} s]`
  switch (end) {
    case 'answer':
      return `the whole answer: “${text}”`
    case 'refusal':
      return `${words}${wait}`
    case 'broken':
      return `“${text}”, then: ${words}`
    case 'garbled':
      return `nothing a client can read: ${text} ${words}`
  }
}
