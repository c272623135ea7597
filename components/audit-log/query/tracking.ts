/**
 * Parameters that mail programs, advertisers and social networks append to links. They are not part of a query; only the
 * page drops them, the API reports them as unknown.
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

/** Returns whether a tracker added a parameter to the url. */
export function isTrackingParameter(name: string): boolean {
  const lower = name.toLowerCase()
  return trackingNames.has(lower) || trackingPrefixes.some(prefix => lower.startsWith(prefix))
}
