// @ts-check
import { readOrCreateSecret } from "./data-directory.mjs"

/**
 * Returns the environment of every process of this installation; the urls of the embedded database are added later.
 * @param {import("./settings.mjs").Settings} settings
 * @param {object} found
 * @param {number} found.port
 * @param {string} found.baseUrl
 * @param {boolean} found.development
 * @param {{ readonly smtpUrl: string, readonly key: string } | null} found.mail where mail is caught
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentFor(settings, { port, baseUrl, development, mail }) {
  const { given, host, dataDirectory, embedded, secret } = settings
  return {
    ...given,
    HOST: host,
    PORT: String(port),
    BASE_URL: baseUrl,
    DATA_DIR: dataDirectory,
    NEXT_TELEMETRY_DISABLED: "1",
    NODE_ENV: development ? "development" : "production",
    ...(embedded ? { SECRET: secret ?? readOrCreateSecret(dataDirectory) } : {}),
    ...(mail === null ? {} : { SMTP_URL: mail.smtpUrl }),
    // Read by processCaughtMailKey of lib/env/env.ts; emptied where mail is not caught, so that an inherited value does not
    // open the page.
    AUDITORIUM_CAUGHT_MAIL_KEY: mail?.key ?? "",
  }
}
