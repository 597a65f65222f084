import type { ComponentProps } from 'react'
import styles from './button.module.css'

interface ButtonProps extends ComponentProps<'button'> {
  /** quiet: beside other things; main: the one thing to do here; danger: cannot be taken back. */
  look?: 'plain' | 'quiet' | 'main' | 'danger'
}

export function Button({ look = 'plain', className = '', type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={`${styles.button} ${styles[look]} ${className}`} {...rest} />
}
