import { type ReactNode, useEffect, useState } from 'react'
import { Field } from '../components/field.tsx'
import { type Path, pathWords, type Step } from './config-value.ts'
import { useDraft } from './draft.ts'
import { useEdit } from './use-edit.ts'
import { useShown } from './use-shown.ts'

interface ConfigFieldProps<Value> {
  /** Where it stands in the config. */
  path: Path
  label: string
  hint?: ReactNode
  value: Value
}

/** What the gateway says to this place of the draft. */
export function useProblemAt(path: Path): string | undefined {
  const words = pathWords(path)
  const found = useDraft(({ changes, problems }) =>
    changes.length === 0 ? undefined : problems?.find((problem) => problem.path === words),
  )
  return found && `${found.message}. ${found.hint}`
}

/** A text that counts when the field is left or Enter is pressed; emptied, it is taken out of the config. */
export function ConfigText({
  path,
  label,
  hint,
  value,
  placeholder,
  mono,
}: ConfigFieldProps<string | undefined> & { placeholder?: string; mono?: boolean }) {
  const edit = useEdit()
  const shown = String(useShown(path, value) ?? '')
  const [text, setText] = useState(shown)
  useEffect(() => setText(shown), [shown])
  function commit(): void {
    if (text.trim() === shown) return
    edit(label, [text.trim() === '' ? { path } : { path, value: text.trim() }])
  }
  return (
    <Field label={label} hint={hint} problem={useProblemAt(path)}>
      {(control) => (
        <input
          {...control}
          value={text}
          placeholder={placeholder}
          spellCheck={false}
          style={mono ? { fontFamily: 'var(--mono)' } : undefined}
          onChange={(event) => setText(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => event.key === 'Enter' && commit()}
        />
      )}
    </Field>
  )
}

/** A number; emptied, the default counts, which the placeholder shows. */
export function ConfigNumber({
  path,
  label,
  hint,
  value,
  placeholder,
}: ConfigFieldProps<number | undefined> & { placeholder?: string }) {
  const edit = useEdit()
  const shown = String(useShown<number | string | undefined>(path, value) ?? '')
  const [text, setText] = useState(shown)
  useEffect(() => setText(shown), [shown])
  function commit(): void {
    const typed = text.replaceAll(/[\s_']/g, '')
    if (typed === shown) return
    // what is no number goes to the gateway as it is: it says what is wrong
    const number = Number(typed)
    edit(label, [typed === '' ? { path } : { path, value: Number.isFinite(number) ? number : typed }])
  }
  return (
    <Field label={label} hint={hint} problem={useProblemAt(path)}>
      {(control) => (
        <input
          {...control}
          inputMode="decimal"
          value={text}
          placeholder={placeholder}
          onChange={(event) => setText(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => event.key === 'Enter' && commit()}
        />
      )}
    </Field>
  )
}

export function ConfigSwitch({ path, label, hint, value }: ConfigFieldProps<boolean>) {
  const edit = useEdit()
  const shown = useShown(path, value)
  return (
    <Field label={label} hint={hint} problem={useProblemAt(path)}>
      {(control) => (
        <input
          {...control}
          type="checkbox"
          checked={shown}
          onChange={(event) => edit(label, [{ path, value: event.target.checked }])}
        />
      )}
    </Field>
  )
}

interface ConfigSelectProps extends ConfigFieldProps<string> {
  options: readonly { value: string; label: string }[]
  /** What has to change with it. */
  with?(value: string): readonly Step[]
}

export function ConfigSelect({ path, label, hint, value, options, with: others }: ConfigSelectProps) {
  const edit = useEdit()
  const shown = useShown(path, value)
  return (
    <Field label={label} hint={hint} problem={useProblemAt(path)}>
      {(control) => (
        <select
          {...control}
          value={shown}
          onChange={(event) =>
            edit(label, [{ path, value: event.target.value }, ...(others?.(event.target.value) ?? [])])
          }
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
