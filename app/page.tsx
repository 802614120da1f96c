import { Workbench } from "../components/workbench";

/** The one page: the workbench. It is prerendered without data; everything live comes over the API. */
export default function Page() {
  return <Workbench />;
}
