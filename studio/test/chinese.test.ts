// The page in Chinese: every room, every mistake in a loss's text and every formula, without a sentence left in English.

import { activations, catalogue, type LossError, type Phrase, wordsOf } from "lossc";
import { words } from "lossc/language";
import { beforeAll, describe, expect, it } from "vitest";
import { ownOf } from "../src/losses/own.ts";
import { type KindName, kindNames, writeOwn } from "../src/losses/own-text.ts";
import { formats } from "../src/rooms/data/read.ts";
import en from "../src/strings/en.json" with { type: "json" };
import zh from "../src/strings/zh.json" with { type: "json" };
import { rows } from "./rooms.ts";
import { useSite } from "./site.ts";
import type { Visit } from "./visit.ts";

/** Names, which are the same in every language: of losses, inputs, options and their values, of functions and files. */
const names = new Set([
  ...[...catalogue.values()].flatMap(({ name, inputs, params }) => [
    name,
    ...Object.keys(inputs),
    ...Object.entries(params).flatMap(([param, { choices = [] }]) => [param, ...choices]),
  ]),
  ...Object.keys(activations),
  ...kindNames,
  ...formats,
  "own",
]);
/** Where the digits are from. */
const cited = /Optical Recognition of Handwritten Digits|CC BY 4.0/g;

/** Words that follow one another as in an English sentence. */
const sentences = (text: string, alsoNamed: ReadonlySet<string> = new Set()): string[] =>
  text
    .replace(cited, "·")
    .replace(/[A-Za-z]\w*/g, (word) => (names.has(word) || alsoNamed.has(word) ? "·" : word))
    .match(/[A-Za-z][a-z']+(?:[ ,]+[A-Za-z][a-z']*)+/g) ?? [];

/** English texts of the page that have another Chinese one. */
const english = new Set<string>();
const collect = (one: unknown, other: unknown): void => {
  if (typeof one === "string") {
    if (one !== other && !one.includes("{") && !names.has(one)) english.add(one);
  } else for (const key of Object.keys(one as object)) collect((one as never)[key], (other as never)[key]);
};
collect(en, zh);

describe("what is wrong with a loss's text", () => {
  const phrases: Readonly<Record<string, string>> = zh.phrases;
  const told = ({ phrases: said, message }: LossError): string =>
    said
      ? [said.message, said.remedy]
          .map((one: Phrase) => wordsOf(one, (text) => phrases[text] ?? text))
          .join("")
      : message;

  const language = new Set([...words.keys(), "b", "pi", "infinity"]);

  it.each<readonly [KindName, string, string]>([
    ["regression", "predicton - target", "没有名为“predicton”的量。是不是想写“prediction”?"],
    ["regression", "xyzzy - target", "没有名为“xyzzy”的量。可用的有:prediction, target, pi, infinity。"],
    ["regression", "prediction -", "这里应为数、名称或函数调用,而不是文字的末尾。"],
    ["regression", "r = \nprediction", "这里应为数、名称或函数调用,而不是行尾。"],
    ["regression", "(prediction - target", "“(”缺少与之配对的“)”,而这里是文字的末尾。"],
    ["regression", "prediction target", "这里应接运算符或换行,而不是“target”。"],
    ["regression", "prediction @ target", "这里不能使用字符“@”。"],
    ["regression", "absolut(prediction)", "没有名为“absolut”的函数。"],
    ["regression", "abs + prediction", "“abs”是函数,要带括号:abs(…)。"],
    ["regression", "pow(prediction)", "“pow”的参数应为一个值、一个值,而这里有 1 个。"],
    ["classes", "sum(logits, c, c)", "“sum”的参数应为一个值、一个轴,而这里有 3 个。"],
    ["classes", "sum(logits, logits)", "这里应为轴的名称。可用的有:c。"],
    ["regression", "sum(prediction, c)", "这里应为轴的名称。这个损失没有可以指明的轴。"],
    ["regression", "where(prediction, 1, 2)", "where 的第 1 个参数应为布尔值,而不是浮点数。请先作比较"],
    ["regression", "0 < prediction < 1", "比较不能连写。请写成:a < b and b < c。"],
    ["regression", "prediction\ntarget", "只有最后一行是损失"],
    ["regression", "r = prediction - target", "还没有损失"],
    ["regression", "", "还没有损失"],
    ["regression", "d = 1\nd = 2\nprediction * d", "“d”定义了两次。"],
    ["regression", "target = prediction + 1\ntarget", "“target”已另有含义"],
    ["regression", "target = 1\n(prediction - target)^2", "“target”已另有含义"],
    ["regression", "dtype = 1\n(prediction - target)^2 * dtype", "“dtype”已另有含义"],
    ["classes", "isTrue = 1\nsum(logits) * isTrue", "“isTrue”已另有含义"],
    ["regression", `${"(".repeat(300)}prediction`, "嵌套太深。"],
    ["regression", "target^2", "这个损失与模型的输出无关。"],
    ["regression", "trigamma(prediction)", "trigamma 没有导数。请用 stopGradient"],
    ["classes", "median(logits)", "quantile 没有导数。"],
    ["classes", "take(logits, isTrue)", "take 以布尔值作为下标"],
    ["binary", "geometric(logits, target, 1, 2)", "“geometric”的参数应为一个值、一个值、一个值"],
  ])("%s: %s", (kind, text, expected) => {
    const { error } = ownOf(writeOwn(kind, text));
    expect(error && told(error)).toContain(expected);
    expect(sentences(told(error!), language)).toEqual([]);
  });

  it("is said in English as ever", () => {
    const { error } = ownOf(writeOwn("regression", "target^2"));
    expect(error?.message).toBe("It does not depend on what a model gives.");
  });
});

it("the words in formulas are those that the page has in both languages", () => {
  const said = [...catalogue.values()]
    .flatMap(({ formula }) => [formula.value, ...Object.values(formula.gradient)])
    .flatMap((latex) => [...latex.matchAll(/\\text\{([^}]*)\}/g)].map(([, text]) => text.trim()));
  expect(new Set(said)).toEqual(new Set(Object.keys(en.formula.words)));
  expect(en.formula.words).toEqual({ if: "if", otherwise: "otherwise" });
});

it("no text of the page's own is an English sentence", () => {
  const { phrases: _, ...own } = zh; // the library's: phrases.test.ts
  const left: string[] = [];
  const visit = (part: unknown): void => {
    if (typeof part !== "string") Object.values(part as object).forEach(visit);
    else if (sentences(part.replace(/\{[^}]*\}/g, "·")).length > 0) left.push(part);
  };
  visit(own);
  expect(left).toEqual([]);
});

describe("in the page", () => {
  const site = useSite();
  let at: Visit;
  beforeAll(async () => {
    at = await site.visit();
  });

  /** Texts and labels that have an English sentence. */
  async function leftInEnglish(): Promise<string[]> {
    const texts = await at.page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
      const found: string[] = [document.title];
      const code = "pre, code, textarea, kbd, math, script, noscript, [lang=en], .listing, .listing-words";
      const walker = document.createTreeWalker(document.body);
      for (let node: Node | null = walker.currentNode; node; node = walker.nextNode()) {
        if (node instanceof Text) {
          if (!node.parentElement!.closest(code)) found.push(node.data.trim());
        } else if (node instanceof Element)
          for (const label of [
            "aria-label",
            "aria-valuetext",
            "aria-description",
            "title",
            "placeholder",
            "alt",
          ])
            found.push(node.getAttribute(label) ?? "");
      }
      return found;
    });
    return texts.filter((text) => sentences(text).length > 0 || english.has(text));
  }

  it("finds English where there is some", async () => {
    await at.go("#/write/1?lang=en");
    expect((await leftInEnglish()).length).toBeGreaterThan(20);
    expect(sentences("huber: no sample counts.")).toEqual(["no sample counts"]);
    expect(sentences("预测值 logits, target 的 mse")).toEqual([]);
  });

  it.each(rows.map(({ room }) => [room.id, room.story.length] as const))(
    "%s has no English sentence, at its start and at its story's end",
    async (id, steps) => {
      for (const step of [0, steps]) {
        await at.go(`#/${id}/1?lang=zh&story=${step}`);
        await at.page.locator("[data-reading]").first().waitFor();
        expect(await leftInEnglish(), `step ${step}`).toEqual([]);
      }
    },
  );

  it("nor has what goes wrong: a text, a file, an address, a statement in SQL", async () => {
    await at.go("#/write/1?lang=zh");
    await at.page.locator("textarea").fill("where(prediction, 1, 2");
    const mistake = () => at.page.locator(".mistake").textContent();
    await expect.poll(mistake).toContain("“(”缺少与之配对的“)”");
    await expect.poll(() => at.page.locator(".unseen").last().textContent()).toContain("“(”缺少");
    expect(await leftInEnglish()).toEqual([]);
    await at.page.locator("textarea").fill("median(prediction");
    await at.page.getByRole("button", { name: "English" }).click();
    await expect.poll(mistake).toContain('stands where ")" should close');

    await at.go("#/data/1?lang=zh");
    const file = { name: "half.jsonl", mimeType: "text/plain", buffer: Buffer.from('{"y":1,') };
    await at.page.locator('input[type="file"]').setInputFiles(file);
    const trouble = at.page.getByRole("alert");
    await expect.poll(() => trouble.textContent()).toMatch(/^half\.jsonl:第 1 行不是 JSON:“.+”$/);

    await at.go("#/nowhere/1?lang=zh");
    expect(await leftInEnglish()).toEqual([]);

    await at.go("#/curves/1?lang=zh&losses=ntXent&over=");
    await at.page.getByText("用 SQL 写同样的计算").first().click();
    await at.page.getByText("-- ntXent: 没有对应的 SQL(rename):各行要彼此比较。").waitFor();
    expect(at.wrong).toEqual([]);
  });

  it("formulas by cases have their words in the language chosen, at once", async () => {
    await at.go("#/curves/1?lang=zh&losses=huber");
    const words = () => at.page.locator(".formula mtext").allTextContents();
    const said = async () => [...new Set((await words()).map((word) => word.trim()).filter(Boolean))].sort();
    await expect.poll(said).toEqual(["否则", "若"]);
    await at.page.getByRole("button", { name: "English" }).click();
    await expect.poll(said).toEqual(["if", "otherwise"]);
    await at.go("#/write/1?lang=zh");
    await expect.poll(said).toEqual(["否则", "若"]); // a formula set in the page
    expect(at.wrong).toEqual([]);
  });
});
