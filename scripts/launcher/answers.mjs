// @ts-check
// The responses that the HTTP server gives itself, before the console gets the request.
import * as http from "node:http"
import { clarifaiRefusal, isClarifai } from "./clarifai-refusal.mjs"

/**
 * @typedef {object} Refusal
 * @property {number} status
 * @property {string} code names the kind of problem, as `code` and at the end of `type`
 * @property {string} title
 * @property {string} [detail] what to do instead
 * @property {Readonly<Record<string, string>>} [headers]
 */

const plainHeaders = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}

const problemType = "application/problem+json; charset=utf-8"
const jsonType = "application/json; charset=utf-8"

/**
 * Responds with a problem document, or as Clarifai's clients expect it below their path, and closes the connection: the rest of the request is not read.
 * @param {http.ServerResponse} response
 * @param {Refusal} refusal
 * @param {string} requestId
 */
export function refuse(response, refusal, requestId) {
  const { type, body } = written(refusal, requestId, response.req.url)
  response.writeHead(refusal.status, {
    "content-type": type,
    ...plainHeaders,
    ...refusal.headers,
    "content-length": Buffer.byteLength(body),
    connection: "close",
  })
  response.end(body)
}

/**
 * Returns the whole response as text, for a request that could not be parsed and so has no response object.
 * @param {Refusal} refusal
 * @param {string} requestId
 * @param {Buffer} [packet] what was being parsed; it may begin with the request line
 */
export function rawRefusal(refusal, requestId, packet) {
  const target = /^[A-Z]{3,20} (\S*)/.exec(packet?.toString("latin1", 0, 100) ?? "")?.[1]
  const { type, body } = written(refusal, requestId, target)
  const head = [
    `HTTP/1.1 ${refusal.status} ${http.STATUS_CODES[refusal.status]}`,
    ...Object.entries({ "content-type": type, ...plainHeaders, ...refusal.headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    `x-request-id: ${requestId}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ]
  return `${head.join("\r\n")}\r\n\r\n${body}`
}

/**
 * @param {Refusal} refusal
 * @param {string} requestId
 * @param {string | undefined} target
 */
function written(refusal, requestId, target) {
  if (isClarifai(target)) return { type: jsonType, body: clarifaiRefusal(refusal, requestId) }
  return { type: problemType, body: problem(refusal, requestId) }
}

/**
 * @param {Refusal} refusal
 * @param {string} requestId
 */
function problem({ status, code, title, detail }, requestId) {
  return JSON.stringify({
    type: `urn:problem:auditorium:${code}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    code,
    requestId,
  })
}

/**
 * Answers the liveness probe: reports that this process responds, without any other check. `/api/health` reports whether it
 * can serve.
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 */
export function answerLiveness(request, response) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { ...plainHeaders, allow: "GET, HEAD", "content-length": 0 })
    return response.end()
  }
  const body = "ok\n"
  response.writeHead(200, {
    ...plainHeaders,
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  })
  return response.end(request.method === "HEAD" ? undefined : body)
}

/** @param {http.IncomingMessage} request */
export function isLiveness(request) {
  return /^\/api\/live(?:\?|$)/.test(request.url ?? "")
}

/**
 * Redirects the browser to another url with the same method, temporarily.
 * @param {http.ServerResponse} response
 * @param {string} location
 */
export function redirect(response, location) {
  response.writeHead(307, { ...plainHeaders, location, "content-length": 0 })
  response.end()
}
