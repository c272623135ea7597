/** Names that browsers still list although the time zone database has renamed them. Both names are accepted. */
const renamed = new Map(
  Object.entries({
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Catamarca": "America/Argentina/Catamarca",
    "America/Coral_Harbour": "America/Atikokan",
    "America/Cordoba": "America/Argentina/Cordoba",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "America/Jujuy": "America/Argentina/Jujuy",
    "America/Louisville": "America/Kentucky/Louisville",
    "America/Mendoza": "America/Argentina/Mendoza",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
    "Pacific/Enderbury": "Pacific/Kanton",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
  }),
)

/** A zone as the list offers it. */
export interface ZoneName {
  readonly name: string
  /** The former name, which a search finds too. */
  readonly formerName: string | null
}

/** Returns the current name of a zone, which may be passed by its former one. */
export function presentZoneName(zone: string): string {
  return renamed.get(zone) ?? zone
}

/** Returns the zone of this browser by its current name. */
export function browserZone(): string {
  return presentZoneName(Intl.DateTimeFormat().resolvedOptions().timeZone)
}

/** Returns UTC first, then the zone passed, then all zones of this machine, by their current names, without duplicates. */
export function zoneNames(here: string): readonly ZoneName[] {
  const known = [...new Set(["UTC", here, ...Intl.supportedValuesOf("timeZone")])]
  const formers = new Map([...renamed].map(([former, name]) => [name, former]))
  const names = new Set(known.map(presentZoneName))
  return [...names].map(name => ({ name, formerName: formers.get(name) ?? null }))
}
