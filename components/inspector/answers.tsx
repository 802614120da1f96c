"use client";

import { renderFailure } from "../../lib/core/failure-table";
import type { Answer } from "../../lib/core/sequence/questions";
import { readAnswer } from "../../lib/core/sequence/questions";
import type { GateDocument } from "../state/wire";
import { QuestionField } from "./question-field";

type Question = GateDocument["questions"][number];

/** What was filled in, as the questions' types have it, and what is wrong with it. */
export function answersOf(
  questions: readonly Question[],
  given: Record<string, string>,
): { answers: Record<string, Answer>; faults: Record<string, string> } {
  const answers: Record<string, Answer> = {};
  const faults: Record<string, string> = {};
  for (const question of questions) {
    const text = given[question.id] ?? "";
    if (text.trim() === "") {
      // As the door has it: what is not said to be left out has to be answered.
      if (question.required !== false) faults[question.id] = "It has to be answered.";
      continue;
    }
    const answer = readAnswer(question, text);
    if (answer.ok) answers[question.id] = answer.value;
    else faults[question.id] = renderFailure(answer.failure).message;
  }
  return { answers, faults };
}

/** The questions of a gate, each with a field of its type. */
export function Answers(props: {
  questions: readonly Question[];
  given: Record<string, string>;
  faults: Record<string, string>;
  onChange: (given: Record<string, string>) => void;
}) {
  const { questions, given, faults, onChange } = props;
  if (questions.length === 0) return null;
  return (
    <div className="form">
      {questions.map((question) => (
        <QuestionField
          key={question.id}
          question={question}
          value={given[question.id] ?? ""}
          fault={faults[question.id]}
          onChange={(value) => onChange({ ...given, [question.id]: value })}
        />
      ))}
    </div>
  );
}
