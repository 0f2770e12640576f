/** All words on the screen, from one catalogue a language. */
import en from "./en.json" with { type: "json" };
import vi from "./vi.json" with { type: "json" };

export type TextKey = keyof typeof en;
export type Language = "en" | "vi";

/** A missing key in a catalogue is a type error here. */
const catalogues: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en, vi };

export const languages: readonly { readonly code: Language; readonly name: string }[] = [
  { code: "en", name: "English" },
  { code: "vi", name: "Tiếng Việt" },
];

export interface Texts {
  readonly language: Language;
  /** The text of a key, with `{name}` replaced by the parameter of that name. */
  t(key: TextKey, parameters?: Readonly<Record<string, string | number>>): string;
  /** The text of a key that is put together from a code; `otherwise` when there is none for it. */
  ofCode(
    family: string,
    code: string,
    otherwise: string,
    parameters?: Readonly<Record<string, string | number>>,
  ): string;
  number(value: number, digits?: number): string;
  /** A length of time in hours and minutes. */
  duration(ms: number): string;
}

export function textsIn(language: Language): Texts {
  const catalogue = catalogues[language];
  const formats: Intl.NumberFormat[] = [];
  const fill = (text: string, parameters: Readonly<Record<string, string | number>>): string =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name] ?? ""));
  const texts: Texts = {
    language,
    t: (key, parameters = {}) => fill(catalogue[key], parameters),
    ofCode(family, code, otherwise, parameters = {}) {
      const key = `${family}.${code}`;
      return key in catalogue ? fill(catalogue[key as TextKey], parameters) : otherwise;
    },
    number(value, digits = 0) {
      formats[digits] ??= new Intl.NumberFormat(language, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
      return formats[digits].format(value);
    },
    duration(ms) {
      const minutes = Math.floor(ms / 60_000);
      return minutes < 60
        ? texts.t("unit.minutes", { n: minutes })
        : texts.t("unit.hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
    },
  };
  return texts;
}

const STORED_AS = "kalong.language";

/** The language chosen before, else the browser's where there is a catalogue for it, else English. */
export function initialLanguage(): Language {
  const asked =
    new URLSearchParams(location.search).get("lang") ?? localStorage.getItem(STORED_AS) ?? navigator.language;
  return languages.find(({ code }) => asked.toLowerCase().startsWith(code))?.code ?? "en";
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(STORED_AS, language);
}
