import { clarifai } from "./clarifai"
import { clearml } from "./clearml"
import { docker } from "./docker"
import { generic } from "./generic"
import { kubernetes } from "./kubernetes"
import { type Profile, type ProfileName, profileNames } from "./profile"

const profiles: Readonly<Record<ProfileName, Profile>> = {
  generic,
  clearml,
  clarifai,
  docker,
  kubernetes,
}

/** Returns the profile of that name, or null. */
export function profileNamed(name: string): Profile | null {
  const known = profileNames.find(each => each === name)
  return known === undefined ? null : profiles[known]
}
