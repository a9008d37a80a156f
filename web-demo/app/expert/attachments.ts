// Files that come with an expert: listed, and saved as bytes of no kind. None is opened here.

import { AndonError, type Expert } from "../andon.js";
import { button, el } from "../dom.js";
import { label, passage, visible } from "../foreign.js";
import { bytes, count, plural } from "../format.js";
import { paged } from "../paged.js";
import { dataTable } from "./table.js";

interface Attachment {
  path: string;
  size: number;
}

/** A path that is too long for the table of contents is read from the section itself. */
async function attachmentsOf(expert: Expert): Promise<Attachment[]> {
  const paths = await expert.attachments();
  const sizes = new Map(expert.sections.map(({ id, rawLength }) => [id, rawLength]));
  return expert.description.attachments.map(({ section }, index) => ({
    path: paths[index] ?? "",
    size: sizes.get(section) ?? 0,
  }));
}

/** The last part of a path, with whatever could disguise its ending made visible. */
function fileName(path: string): string {
  return visible(path.slice(path.lastIndexOf("/") + 1)).slice(-120);
}

function save(content: Uint8Array<ArrayBuffer>, path: string): void {
  const link = el("a", { download: fileName(path) });
  link.href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000);
}

export async function attachmentsList(expert: Expert): Promise<HTMLElement[]> {
  const attachments = await attachmentsOf(expert);
  if (attachments.length === 0) return [];
  const problem = el("p", { class: "problem", role: "alert" });

  async function download(path: string): Promise<void> {
    problem.replaceChildren();
    try {
      save(Uint8Array.from(await expert.attachment(path)), path);
    } catch (error) {
      if (!(error instanceof AndonError)) throw error;
      problem.replaceChildren(`${error.code}: `, passage(error.message));
    }
  }
  function row({ path, size }: Attachment): HTMLElement {
    const name = { "aria-label": `Save ${visible(path).slice(0, 120)}`, class: "small" };
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, label(path, 120)),
      el("td", {}, bytes(size)),
      el(
        "td",
        {},
        button("Save", () => void download(path), name),
      ),
    );
  }
  const { scroller, body } = dataTable("Attachments", ["Path", "Size", "File"]);
  const pages = paged(body, 20);
  pages.show(attachments, row);
  const intro = `${plural(attachments.length, "file")} with the expert; none is opened here.`;
  const title = el("h3", {}, `Attachments (${count(attachments.length)})`);
  return [title, el("p", { class: "quiet" }, intro), scroller, pages.more, problem];
}
