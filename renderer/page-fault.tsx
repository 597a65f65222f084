import { Component, type ReactNode } from 'react'
import { Button } from './components/button.tsx'
import { Empty } from './components/empty.tsx'
import { useMessages } from './messages.ts'

/** A page that fails takes only itself down, and says so. */
export class PageFault extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? <Failed /> : this.props.children
  }
}

function Failed() {
  const { shell } = useMessages()
  return (
    <Empty title={shell.pageFailed}>
      <Button onClick={() => location.reload()}>{shell.reload}</Button>
    </Empty>
  )
}
