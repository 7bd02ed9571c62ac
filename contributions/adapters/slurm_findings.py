"""What can be wrong with a line of Slurm accounting, and how to mend it, in both languages."""

from __future__ import annotations

from contributions.core.errors import Finding, Refused
from contributions.core.imports import ColumnsUnknown
from contributions.core.words import Text

WORDS = {
    "line-too-long": Text("1行が {limit} バイトを超えています。", "The line is longer than {limit} bytes."),
    "not-utf-8": Text(
        "{position} バイト目が UTF-8 として読めません。文字コードを UTF-8 にして再提出してください。",
        "Byte {position} is not UTF-8. Save the file as UTF-8 and send it again.",
    ),
    "nul": Text(
        "{position} 文字目に NUL 文字があります。ファイルが壊れています。sacct から出力し直してください。",
        "There is a NUL at character {position}: the file is damaged. Export it from sacct again.",
    ),
    "columns": Text(
        "列の数が {got} で、{want} と合いません。--parsable2 で出力した行をそのまま提出してください。",
        "The line has {got} columns instead of {want}. Send lines as --parsable2 prints them.",
    ),
    "job-id": Text(
        "JobID「{value}」は Slurm のジョブ番号ではありません。例 123、123_4、123_[1-3]",
        "“{value}” is not a Slurm JobID such as 123, 123_4 or 123_[1-3].",
    ),
    "duplicate-job": Text(
        "ジョブ {value} は {first} 行目と同じです（JobIDと開始時刻、双方に記載のある投入時刻とクラスターが一致）。"
        "重複を除いてください。",
        "Job {value} is the same as on line {first} (JobID and start agree, and submit and cluster where both state "
        "them). Remove the repetition.",
    ),
    "not-ended": Text(
        "未終了のジョブです（状態 {value}、終了 {end}）。終了後に出力した記録を提出してください。",
        "The job has not ended (state {value}, end {end}). Send its record once it has.",
    ),
    "state": Text(
        "状態「{value}」は Slurm の終了状態ではありません。", "“{value}” is not a state in which a Slurm job ends."
    ),
    "elapsed": Text(
        "経過時間「{value}」は [日-]時:分:秒 の形で読めません。", "“{value}” does not read as elapsed [D-]HH:MM:SS."
    ),
    "elapsed-too-long": Text(
        "経過時間 {value}（{seconds} 秒）が、終了時刻と開始時刻の差 {wall} 秒より長く、ありえません。"
        "時刻の時間帯を確かめてください。",
        "Elapsed {value} ({seconds} s) is longer than end − start ({wall} s), which cannot be. "
        "Check the time zone of the dates.",
    ),
    "no-start": Text(
        "開始時刻がないのに経過時間 {value} があります。", "There is no start, yet an elapsed time of {value}."
    ),
    "end-before-start": Text(
        "終了時刻 {end} が開始時刻 {start} より前です。", "The end {end} is earlier than the start {start}."
    ),
    "in-the-future": Text("終了時刻 {end} が未来です。", "The end {end} lies in the future."),
    "date": Text(
        "「{value}」は実在する日時（YYYY-MM-DDTHH:MM:SS）ではありません。",
        "“{value}” is not an existing date and time (YYYY-MM-DDTHH:MM:SS).",
    ),
    "no-such-time": Text(
        "{value} は時間帯 {zone} では存在しない時刻です（夏時間への切替え）。施設の時間帯を確かめてください。",
        "{value} does not exist in the zone {zone} (clocks were set forward). Check the facility's zone.",
    ),
    "tres": Text("AllocTRES の「{value}」を読めません。", "“{value}” in AllocTRES cannot be read."),
    "gpu-type": Text(
        "GPU の型「{value}」は台帳に記録できません。英小文字・数字・「-」「.」「_」の 32 文字以内で表し、"
        "「cpu」以外の名称にしてください。",
        "The GPU type “{value}” cannot be recorded. Write it in letters, digits, “-”, “.” and “_”, at most 32, "
        "and not as “cpu”.",
    ),
    "count": Text("「{value}」は 0 以上の整数ではありません。", "“{value}” is not an integer of 0 or more."),
    "too-much": Text(
        "数量 {value} が大きすぎ、台帳に記録できる範囲（2^62 未満）を超えます。",
        "The quantity {value} is too large: usage would pass 2^62.",
    ),
    "nothing-allocated": Text(
        "{seconds} 秒動いたのに割当ての記載（NCPUS、NNodes、AllocTRES）がありません。",
        "The job ran {seconds} s, yet NCPUS, NNodes and AllocTRES name nothing allocated.",
    ),
}


class ColumnsMissing(ColumnsUnknown):
    """A header without which no line can be read: the whole file is refused."""

    code = "columns-missing"
    ja = "見出し行に必要な列がありません：{missing}。sacct --format に加えて出力し直してください。"
    en = "The header lacks columns that are needed: {missing}. Add them to sacct --format and export again."


class ColumnsTwice(Refused):
    code = "columns-twice"
    ja = "見出し行に同じ列が二度あります：{twice}。どちらを読むべきか定まらないため、一方を除いてください。"
    en = "The header names a column twice: {twice}. Which of them to read is not clear; remove one."


class Fault(Exception):
    """One fault of one line, on its way to becoming a finding."""

    def __init__(self, field: str, code: str, **facts: object) -> None:
        super().__init__(code)
        self.field, self.code, self.facts = field, code, facts


def finding(line: int, fault: Fault) -> Finding:
    """The finding that tells the sender about the fault."""
    words = WORDS[fault.code]
    return Finding(line=line, field=fault.field, code=fault.code, ja=words.ja, en=words.en, facts=fault.facts)


def duplicate(line: int, job_id: str, first: int) -> Finding:
    """The finding about a job that stands in the same file already."""
    return finding(line, Fault("jobid", "duplicate-job", value=job_id, first=first))
