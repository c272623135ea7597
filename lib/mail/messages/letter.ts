import type { MailMessage } from "@/lib/mail/message"
import { escapeHtml, subjectLine } from "./names"

/** The content of a mail, written once for the text and for the HTML. */
export interface Letter {
  readonly subject: string
  readonly heading: string
  readonly paragraphs: readonly string[]
  /** The main action, if any. The url begins with the base url of the installation. */
  readonly button?: { readonly label: string; readonly url: string }
  /** Additional information, in smaller print. */
  readonly notes: readonly string[]
}

/** Returns a mail whose two parts have the same words and the same url. */
export function setLetter(letter: Letter): MailMessage {
  return { subject: subjectLine(letter.subject), text: textOf(letter), html: htmlOf(letter) }
}

function textOf({ heading, paragraphs, button, notes }: Letter): string {
  const action = button === undefined ? [] : [`${button.label}:\n${button.url}`]
  return `${[heading, ...paragraphs, ...action, ...notes, "-- \nAuditorium"].join("\n\n")}\n`
}

const fonts = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

// Programs that ignore the reader's colour scheme show the light colours, which are in the style attributes.
const darkColours = `
@media (prefers-color-scheme: dark) {
  .page { background-color: #0d0e12 !important; }
  .card { background-color: #17191f !important; border-color: #2b2f37 !important; }
  .strong { color: #e9ebef !important; }
  .body { color: #c9cdd4 !important; }
  .quiet { color: #9ba0aa !important; }
  .rule { border-color: #2b2f37 !important; }
  .link { color: #96a8fa !important; }
}
@media (max-width: 600px) {
  .page-cell { padding: 20px 12px !important; }
  .card-cell { padding: 24px 20px !important; }
}`

function htmlOf({ subject, heading, paragraphs, button, notes }: Letter): string {
  const body = paragraphs.map(
    text =>
      `<p class="body" style="margin:0 0 14px;font-size:15px;line-height:24px;color:#33373f;">${escapeHtml(text)}</p>`,
  )
  const small = notes.map(
    text =>
      `<p class="quiet" style="margin:0 0 8px;font-size:13px;line-height:20px;color:#5e636e;">${escapeHtml(text)}</p>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subjectLine(subject))}</title>
<style>:root { color-scheme: light dark; }${darkColours}</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#f4f5f7;">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f4f5f7;font-family:${fonts};">
<tr><td class="page-cell" align="center" style="padding:40px 16px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:544px;">
<tr><td class="strong" style="padding:0 4px 16px;font-size:15px;line-height:20px;font-weight:600;color:#15181f;">Auditorium</td></tr>
<tr><td class="card card-cell" style="padding:32px;background-color:#ffffff;border:1px solid #e1e3e7;border-radius:10px;">
<h1 class="strong" style="margin:0 0 16px;font-size:20px;line-height:28px;font-weight:600;color:#15181f;">${escapeHtml(heading)}</h1>
${body.join("\n")}
${button === undefined ? "" : buttonOf(button)}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"${button === undefined ? ' style="margin-top:24px;"' : ""}><tr><td class="rule" style="border-top:1px solid #e1e3e7;padding-top:18px;">
${small.join("\n")}
</td></tr></table>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`
}

function buttonOf({ label, url }: { readonly label: string; readonly url: string }): string {
  const address = escapeHtml(url)
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0;"><tr>
<td style="border-radius:7px;background-color:#4252cd;"><a href="${address}" style="display:inline-block;padding:12px 22px;font-size:15px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none;border-radius:7px;">${escapeHtml(label)}</a></td>
</tr></table>
<p class="quiet" style="margin:0 0 4px;font-size:13px;line-height:20px;color:#5e636e;">If the button does not work, open this address:</p>
<p style="margin:0 0 24px;font-size:13px;line-height:20px;word-break:break-all;overflow-wrap:anywhere;"><a class="link" href="${address}" style="color:#3f4eca;">${address}</a></p>`
}
