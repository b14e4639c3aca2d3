/** Asks before something that cannot be undone; the browser's own dialog keeps focus and Esc. */
export interface Question {
  title: string
  text?: string
  yes: string
  no?: string
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, words: string, style = ''): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  made.textContent = words
  made.className = style
  return made
}

export function confirmed(question: Question): Promise<boolean> {
  const dialog = document.createElement('dialog')
  dialog.className = 'ask card'
  const title = element('h2', question.title)
  title.id = 'ask-title'
  dialog.setAttribute('aria-labelledby', title.id)
  const yes = element('button', question.yes, 'button')
  const no = element('button', question.no ?? '先不', 'button plain')
  const buttons = element('div', '', 'row')
  buttons.append(yes, no)
  dialog.append(title)
  if (question.text) dialog.append(element('p', question.text, 'muted'))
  dialog.append(buttons)
  document.body.append(dialog)
  dialog.showModal()
  no.focus()
  return new Promise((resolve) => {
    yes.onclick = () => dialog.close('yes')
    no.onclick = () => dialog.close('no')
    dialog.onclose = () => {
      resolve(dialog.returnValue === 'yes')
      dialog.remove()
    }
  })
}
