import type { ExchangeRing } from '../../exchange-ring.ts'
import { useMessages } from '../../messages.ts'
import styles from './activity.module.css'
import { type ActivityFilter, namesIn } from './activity-filter.ts'

interface FiltersProps {
  filter: ActivityFilter
  onChange(filter: ActivityFilter): void
  exchanges: ExchangeRing
}

const results = ['all', 'open', 'failed', 'moved-on', 'searched'] as const

/** What is shown, as chips, two lists and a field. */
export function Filters({ filter, onChange, exchanges }: FiltersProps) {
  const { activity } = useMessages()
  return (
    <search className={styles.filters}>
      <fieldset className={styles.chips}>
        <legend className="out-of-sight">{activity.result}</legend>
        {results.map((result) => (
          <label key={result} className={styles.chip}>
            <input
              type="radio"
              name="result"
              checked={filter.result === result}
              onChange={() => onChange({ ...filter, result })}
            />
            {activity.results[result]}
          </label>
        ))}
      </fieldset>
      {(['route', 'target'] as const).map((key) => (
        <select
          key={key}
          className={styles.field}
          aria-label={activity[key]}
          value={filter[key]}
          onChange={({ target }) => onChange({ ...filter, [key]: target.value })}
        >
          <option value="">{key === 'route' ? activity.everyRoute : activity.everyTarget}</option>
          {namesIn(exchanges, key).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      ))}
      <input
        className={styles.field}
        type="search"
        aria-label={activity.find}
        placeholder={activity.find}
        value={filter.text}
        onChange={({ target }) => onChange({ ...filter, text: target.value })}
      />
    </search>
  )
}
