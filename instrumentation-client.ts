// Loaded before Next's router: what must hear of an event before it does.
import "@/components/navigation/traversal"
