/**
 * Parameters that mail programs, advertisers and social networks append to every link that passes through them. They ask
 * nothing of the log; only the page drops them, the API names them as unknown.
 */
const trackingNames: ReadonlySet<string> = new Set([
  "_ga",
  "_gl",
  "_hsenc",
  "_hsmi",
  "_openstat",
  "dclid",
  "fbclid",
  "gad_campaignid",
  "gad_source",
  "gbraid",
  "gclid",
  "gclsrc",
  "igsh",
  "igshid",
  "li_fat_id",
  "mc_cid",
  "mc_eid",
  "mkt_tok",
  "msclkid",
  "oly_anon_id",
  "oly_enc_id",
  "rb_clickid",
  "s_cid",
  "sc_cid",
  "srsltid",
  "ttclid",
  "twclid",
  "vero_conv",
  "vero_id",
  "wbraid",
  "wickedid",
  "yclid",
])

const trackingPrefixes = ["utm_", "hsa_", "mtm_", "pk_", "matomo_", "piwik_"] as const

/** Returns whether a parameter of an address was added by a tracker rather than by somebody with a question. */
export function isTrackingParameter(name: string): boolean {
  const lower = name.toLowerCase()
  return trackingNames.has(lower) || trackingPrefixes.some(prefix => lower.startsWith(prefix))
}
