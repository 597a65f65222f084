/** A desktop entry, with the program's path quoted as its specification wants it. */
export function autostartEntry(program: string): string {
  const quoted = `"${program.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`
  return `[Desktop Entry]\nType=Application\nName=Patchbay\nExec=${quoted} --hidden\nX-GNOME-Autostart-enabled=true\n`
}
