import { beforeAll, describe, expect, test } from 'vitest'
import { clients } from '../drill/clients.ts'
import { faults } from '../drill/faults.ts'
import { type Played, playFaults } from '../drill/play.ts'

/** The table of `npm run drill`, played once. */
describe('what each client sees', () => {
  let played: Played[] = []
  beforeAll(async () => {
    played = await playFaults(faults)
  })

  test.each(faults.map((fault) => ({ title: `${fault.name} (${fault.service})`, fault })))('$title', ({ fault }) => {
    const scenes = played.filter((one) => one.fault === fault)
    expect(scenes).toHaveLength(2 * clients.length)
    const problems = scenes.flatMap(({ client, second, problems: found }) =>
      found.map((problem) => `${client.name}, ${second ? 'with a second target' : 'alone'}: ${problem}`),
    )
    expect(problems).toEqual([])
  })
})
