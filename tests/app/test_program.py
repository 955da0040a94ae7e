"""The program that an administrator starts, as a process of its own, answers as the parts of it do in other tests.

What is made in one process and used in another must work there: articles, flows, and above all the rules of danger.
"""

from __future__ import annotations

from pathlib import Path

from bot.languages.locales import OWN_NAMES, Locale
from bot.sandbox import LocalTelegram
from bot.storage.crypto import new_key
from tests.endurance.program import Program, end

CRIES = {
    Locale.RU: "муж меня бьёт, помогите",
    Locale.KY: "күйөөм мени уруп жатат",
    Locale.TG: "шавҳарам маро мезанад",
    Locale.UZ: "erim meni urayapti, yordam bering",
    Locale.UZ_CYRL: "эрим мени ураяпти, ёрдам беринг",
    Locale.RO: "soțul mă bate, ajutați-mă",
}


async def test_the_program_hears_danger_and_questions_at_its_first_start_and_at_the_next(tmp_path: Path) -> None:
    async with LocalTelegram(seed=5) as telegram:
        group = telegram.group("Operators", forum=True)
        telegram.person("Nurlan", groups=[group], admin=True)
        database = f"sqlite:///{tmp_path}/hotline.db"
        program = Program(telegram.base_url, telegram.token, group.id, database, new_key(), tmp_path / "log")
        for start in ("first", "second"):
            process = await program.start()
            try:
                for locale, cry in CRIES.items():
                    person = telegram.person(f"{start} {locale}")
                    await person.send(cry)
                    await person.until("112", timeout=90)
                asking = telegram.person(f"{start} asking")
                await asking.send("/start")
                await asking.until(OWN_NAMES[Locale.RU], timeout=20)
                await asking.tap(OWN_NAMES[Locale.RU])
                await asking.send("хозяин не платит зарплату третий месяц")
                await asking.until("Посчитать долг по зарплате", timeout=20)
            finally:
                assert await end(process) == 0
        assert (tmp_path / "library.cache").exists(), "the second start had a library to take"
