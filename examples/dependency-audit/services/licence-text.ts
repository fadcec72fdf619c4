/** Sentences that only the text of one licence has; every one of them must be there. Stricter licences come first. */
const FINGERPRINTS: readonly (readonly [spdxId: string, ...sentences: RegExp[]])[] = [
  ['AGPL-3.0-only', /gnu affero general public license\s+version 3/],
  ['LGPL-3.0-only', /gnu lesser general public license\s+version 3/],
  ['LGPL-2.1-only', /gnu lesser general public license\s+version 2\.1/],
  ['GPL-3.0-only', /gnu general public license\s+version 3/],
  ['GPL-2.0-only', /gnu general public license\s+version 2/],
  ['SSPL-1.0', /server side public license/],
  ['BUSL-1.1', /business source license 1\.1/],
  ['MPL-2.0', /mozilla public license,? version 2\.0/],
  ['EPL-2.0', /eclipse public license - v 2\.0/],
  ['Apache-2.0', /apache license,?\s+version 2\.0/],
  ['BlueOak-1.0.0', /blue oak model license/],
  ['CC0-1.0', /cc0 1\.0 universal/],
  ['CC-BY-4.0', /attribution 4\.0 international/],
  ['Python-2.0', /python software foundation license version 2/],
  ['Unlicense', /this is free and unencumbered software released into the public domain/],
  [
    'BSD-3-Clause',
    /redistribution and use in source and binary forms/,
    /neither the name of|may not be used to endorse/,
  ],
  ['BSD-2-Clause', /redistribution and use in source and binary forms/],
  [
    'ISC',
    /permission to use, copy, modify, and\/?(or)? ?distribute this software/,
    /provided that the above copyright/,
  ],
  ['0BSD', /permission to use, copy, modify, and\/?(or)? ?distribute this software/],
  ['MIT', /permission is hereby granted, free of charge, to any person obtaining a copy/],
];

/** The SPDX id of a well-known licence text; null if it is not one of those this list knows. */
export function recogniseLicence(text: string): string | null {
  const normalised = text.toLowerCase().replace(/\s+/g, ' ');
  const known = FINGERPRINTS.find(([, ...sentences]) => sentences.every((sentence) => sentence.test(normalised)));
  return known?.[0] ?? null;
}

/** `LICENSE`, `licence.md`, `LICENSE-MIT`, `COPYING.txt`, `UNLICENSE`. */
export function isLicenceFile(name: string): boolean {
  return /^(un)?licen[cs]e([-.].*)?$|^copying([-.].*)?$/i.test(name);
}
