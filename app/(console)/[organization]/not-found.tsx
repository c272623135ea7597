import { NotFoundPage } from "@/components/navigation/not-found-page"

/** Inside the frame of an organization that the person belongs to. */
export default function NotFound() {
  return <NotFoundPage />
}
