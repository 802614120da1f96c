import * as fs from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { configFolder, stateFolder } from "../files/user-folders";
import { isWithin, keyPlaces } from "./hidden";

/** Places that no agent is shown, whoever says so: keys below the home folder, and what ThreadOS keeps of the user. */
export function keyFolders(home: string): string[] {
  return [...keyPlaces.map((name) => join(home, name)), configFolder(), stateFolder()];
}

/** The first of the places that is, is within or holds one that stays closed, links followed; undefined if none does. */
export function closedAmong(places: readonly string[], closed: readonly string[]): string | undefined {
  const never = [...new Set([...closed, ...closed.map(reached)])];
  const isClosed = (path: string) =>
    path.split(sep).includes(".threados") ||
    never.some((folder) => isWithin(path, folder) || isWithin(folder, path));
  return places.find((place) => isClosed(place) || isClosed(reached(place)));
}

/** Where a path leads, be its end there already or not. */
function reached(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(reached(above), basename(path));
  }
}
