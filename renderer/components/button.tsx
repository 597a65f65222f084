import type { ComponentProps, ReactNode, Ref } from 'react'
import styles from './button.module.css'

interface Looks {
  /** quiet: beside other things; main: the one thing to do here; danger: cannot be taken back. */
  look?: 'plain' | 'quiet' | 'main' | 'danger'
}

type ButtonProps = ComponentProps<'button'> & Looks

export function Button({ look = 'plain', className = '', type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={`${styles.button} ${styles[look]} ${className}`} {...rest} />
}

type ButtonLinkProps = { href: string; children: ReactNode; ref?: Ref<HTMLAnchorElement> } & Looks

/** Leads to a page that is not ours, in a tab or a browser of its own. */
export function ButtonLink({ look = 'plain', ...rest }: ButtonLinkProps) {
  return <a className={`${styles.button} ${styles[look]} ${styles.link}`} target="_blank" rel="noreferrer" {...rest} />
}
