// @ts-check
// How much JavaScript a browser loads for a page before anything is clicked: the scripts of the served HTML, compressed.
//
//   node scripts/first-load.mjs http://127.0.0.1:3000/sign-in [cookie]
import { gzipSync } from "node:zlib"

/** @typedef {{ readonly url: string, readonly gzipBytes: number }} Script */

/**
 * Returns every script that a current browser loads for the page, each once, with its size in gzip.
 * @param {string} url
 * @param {Readonly<Record<string, string>>} [headers]
 * @returns {Promise<{ readonly gzipBytes: number, readonly scripts: readonly Script[] }>}
 */
export async function firstLoad(url, headers = {}) {
  const page = await fetch(url, { headers })
  if (!page.ok) throw new Error(`${url} answers ${page.status}`)
  const addresses = scriptsOf(await page.text()).map(source => new URL(source, page.url).href)
  const scripts = await Promise.all(addresses.map(address => measure(address, headers)))
  return { gzipBytes: scripts.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0), scripts }
}

/**
 * Returns the urls of the scripts in the HTML, without those that only browsers without modules load.
 * @param {string} html
 * @returns {string[]}
 */
export function scriptsOf(html) {
  const tags = html.match(/<script\b[^>]*>/gi) ?? []
  const sources = tags
    .filter(tag => !/\snomodule\b/i.test(tag))
    .map(tag => /\ssrc="([^"]+)"/i.exec(tag)?.[1]?.replaceAll("&amp;", "&"))
    .filter(source => source !== undefined)
  return [...new Set(sources)]
}

/**
 * @param {string} url
 * @param {Readonly<Record<string, string>>} headers
 * @returns {Promise<Script>}
 */
async function measure(url, headers) {
  const answer = await fetch(url, { headers })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
  return { url, gzipBytes: gzipSync(new Uint8Array(await answer.arrayBuffer())).byteLength }
}

if (process.argv[1] === import.meta.filename) {
  const [url, cookie] = process.argv.slice(2)
  if (url === undefined) {
    console.error("node scripts/first-load.mjs <address of a page> [cookie]")
    process.exit(2)
  }
  const { gzipBytes, scripts } = await firstLoad(url, cookie ? { cookie } : {})
  const kB = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1).padStart(7)} kB`
  for (const script of scripts) console.log(`${kB(script.gzipBytes)}  ${new URL(script.url).pathname}`)
  console.log(`${kB(gzipBytes)}  ${scripts.length} scripts`)
}
