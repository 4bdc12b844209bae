"""From rows to contents: the same plain data that the API takes as a request's body."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fiel.connect.importing.cells import (
    Conversion,
    comma_to_point,
    day_conversion,
    flag,
    instant_conversion,
)
from fiel.connect.importing.columns import Cell, Kind, Part, find_target
from fiel.connect.importing.mapping import Reading, RowsAre
from fiel.connect.importing.table import BadRow, Row
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem

type Content = dict[str, object]


@dataclass(frozen=True, slots=True)
class Record:
    """What one or more rows say. `line` is where it starts; `rows` how many rows it took.

    A record with problems could not be read and has no content worth keeping.
    """

    line: int
    rows: int
    content: Content
    problems: tuple[FieldProblem, ...] = ()


@dataclass(slots=True)
class _Sheet:
    """The columns of a file, sorted by where their values go."""

    conversions: list[tuple[int, Conversion]] = field(default_factory=list)
    parts: dict[Part, list[tuple[str, int]]] = field(default_factory=dict)
    constants: dict[Part, dict[str, object]] = field(default_factory=dict)


def records(reading: Reading) -> Iterator[Record]:
    """Read a file as contents, in its order and without holding more than one of them."""
    sheet = _sheet(reading)
    rows = reading.table.rows()
    match reading.kind:
        case Kind.SALES if reading.rows is RowsAre.LINES:
            own = reading.columns["external_id"]
            return _of_lines(rows, sheet, own, _line_maker(sheet))
        case Kind.RETURNS if "external_id" in reading.columns:
            own = reading.columns["external_id"]
            return _of_lines(rows, sheet, own, _back_maker(sheet))
        case Kind.SALES:
            return _one_each(rows, sheet, _sale_maker(sheet))
        case _:
            return _one_each(rows, sheet, _record_maker(sheet))


def _sheet(reading: Reading) -> _Sheet:
    sheet = _Sheet()
    days = day_conversion(reading.dates)
    instants = instant_conversion(reading.dates, reading.zone)
    places: list[tuple[str, int | str]] = [*reading.columns.items(), *reading.values.items()]
    for name, place in places:
        target = find_target(reading.kind, name)
        assert target is not None, "the mapping was checked"
        conversion: Conversion | None = None
        match target.cell:
            case Cell.AMOUNT if reading.decimal_comma:
                conversion = comma_to_point
            case Cell.INSTANT:
                conversion = instants
            case Cell.DAY:
                conversion = days
        if isinstance(place, int):
            sheet.parts.setdefault(target.part, []).append((target.key, place))
            if conversion is not None:
                sheet.conversions.append((place, conversion))
        else:
            value = conversion(place) if conversion else place
            sheet.constants.setdefault(target.part, {})[target.key] = value
    return sheet


def _one_each(
    rows: Iterable[Row], sheet: _Sheet, make: Callable[[Sequence[str]], Content]
) -> Iterator[Record]:
    conversions = sheet.conversions
    for line, cells in rows:
        if isinstance(cells, BadRow):
            yield Record(line, 1, {}, (cells.problem,))
            continue
        values = [cell.strip() for cell in cells]
        for index, convert in conversions:
            values[index] = convert(values[index])
        yield Record(line, 1, make(values))


def _record_maker(sheet: _Sheet) -> Callable[[Sequence[str]], Content]:
    """What makes the content of a member or of a balance."""
    head = sheet.parts.get(Part.HEAD, [])
    constants = sheet.constants.get(Part.HEAD, {})
    nested = [
        (str(part), sheet.parts.get(part, []), sheet.constants.get(part, {}), part is Part.CONSENTS)
        for part in (Part.MEMBER, Part.CONSENTS, Part.ATTRIBUTES)
        if part in sheet.parts or part in sheet.constants
    ]

    def make(values: Sequence[str]) -> Content:
        content: Content = {**constants}
        for key, index in head:
            if values[index]:
                content[key] = values[index]
        for name, columns, fixed, are_flags in nested:
            inner = {**fixed}
            for key, index in columns:
                if values[index]:
                    inner[key] = flag(values[index]) if are_flags else values[index]
            if inner:
                content[name] = inner
        return content

    return make


def _line_maker(sheet: _Sheet) -> Callable[[Sequence[str]], Content]:
    columns = [(key, i) for key, i in sheet.parts.get(Part.LINE, []) if key != "line"]
    constants = {"quantity": "1", **sheet.constants.get(Part.LINE, {})}

    def make(values: Sequence[str]) -> Content:
        line: Content = {**constants}
        for key, index in columns:
            if values[index]:
                line[key] = values[index]
        return line

    return make


def _back_maker(sheet: _Sheet) -> Callable[[Sequence[str]], Content]:
    """What makes a line of a return; a row that names none is about the whole sale."""
    columns = sheet.parts.get(Part.LINE, [])
    constants = sheet.constants.get(Part.LINE, {})

    def make(values: Sequence[str]) -> Content:
        told: Content = {key: values[index] for key, index in columns if values[index]}
        return {"quantity": "1", **constants, **told} if "line" in told else told

    return make


def _sale_maker(sheet: _Sheet) -> Callable[[Sequence[str]], Content]:
    make_head, make_line = _record_maker(sheet), _line_maker(sheet)

    def make(values: Sequence[str]) -> Content:
        content = make_head(values)
        content["lines"] = [make_line(values)]
        return content

    return make


@dataclass(slots=True)
class _Open:
    """A sale or a return whose rows are still being read."""

    line: int
    name: str
    head: Content
    lines: list[object] = field(default_factory=list)
    rows: int = 0
    numbered: dict[str, Content] = field(default_factory=dict)
    problems: list[FieldProblem] = field(default_factory=list)

    def add(self, made: Content, number: str, line: int) -> None:
        """Add what a row says of a line; a row of a return may say nothing of any."""
        if number:
            if number in self.numbered:
                if self.numbered[number] != made:
                    self.problems.append(_two_of_one_number(number, line))
                return
            self.numbered[number] = made
        if made:
            self.lines.append(made)

    def record(self) -> Record:
        """The sale or the return, whole."""
        lines = {"lines": self.lines} if self.lines else {}
        return Record(self.line, self.rows, {**self.head, **lines}, tuple(self.problems))


def _of_lines(
    rows: Iterable[Row],
    sheet: _Sheet,
    own: int,
    make_line: Callable[[Sequence[str]], Content],
) -> Iterator[Record]:
    """Neighbouring rows with one id are one sale; its first row has its store, date and member.

    A numbered line that comes twice in the same words is one line.
    """
    make_head = _record_maker(sheet)
    number = next((i for key, i in sheet.parts.get(Part.LINE, []) if key == "line"), None)
    sale: _Open | None = None
    for line, cells in rows:
        if isinstance(cells, BadRow):
            # Which sale it belonged to cannot be known: the one around it is not whole.
            if sale is not None:
                sale.problems.append(cells.problem)
            else:
                yield Record(line, 1, {}, (cells.problem,))
            continue
        values = [cell.strip() for cell in cells]
        for index, convert in sheet.conversions:
            values[index] = convert(values[index])
        if sale is None or values[own] != sale.name or not values[own]:
            if sale is not None:
                yield sale.record()
            sale = _Open(line, values[own], make_head(values))
        elif disagreeing := _disagreeing(sale.head, make_head(values)):
            sale.problems.append(_disagreement(disagreeing, line))
        sale.rows += 1
        sale.add(make_line(values), values[number] if number is not None else "", line)
    if sale is not None:
        yield sale.record()


def _disagreeing(first: Mapping[str, object], later: Mapping[str, object]) -> str | None:
    """The name of a value that a later row of the sale has and says otherwise."""
    if later == first:
        return None
    return next((key for key, value in later.items() if first.get(key, value) != value), None)


def _disagreement(name: str, line: int) -> FieldProblem:
    return FieldProblem(
        name, "rows_disagree",
        N_("Line {line} says otherwise than the first row of the same sale."),
        {"line": str(line)},
    )  # fmt: skip


def _two_of_one_number(number: str, line: int) -> FieldProblem:
    return FieldProblem(
        "line", "rows_disagree",
        N_("Line {line} of the file is another line {number} of the same sale."),
        {"line": str(line), "number": number},
    )  # fmt: skip
