"use client"

const addressKeptMs = 60_000

/** Lets the browser save the content as a file. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement("a")
  link.href = address
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  // The browser reads the url after the click; revoking it at once would damage the file.
  setTimeout(() => URL.revokeObjectURL(address), addressKeptMs)
}

/** Returns the name that the response gives its content, or else the standard one. */
export function fileNameOf(response: Response, standard: string): string {
  const disposition = response.headers.get("content-disposition") ?? ""
  return /filename="([^"]+)"/.exec(disposition)?.[1] ?? standard
}
