"""Due jobs are done once, whatever happens in between."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.clock import FixedClock, SystemChance, SystemClock
from bot.delivery.scheduler import Scheduler
from bot.storage.crypto import Keys
from bot.storage.ports import Job, Transaction
from bot.storage.store import SqlStore, open_store
from tests.conftest import MORNING
from tests.delivery.conftest import House
from tests.delivery.fakes import FakeJobs, until


def scheduler(store: SqlStore, jobs: FakeJobs) -> Scheduler:
    return Scheduler(store, jobs, store.clock, SystemChance())


async def test_a_job_is_done_when_due_and_once(store: SqlStore, clock: FixedClock) -> None:
    jobs = FakeJobs()
    async with store.transaction() as tx:
        await tx.jobs.schedule("remind", "soon", MORNING + timedelta(hours=1), {"text": "x"})
        await tx.jobs.schedule("remind", "later", MORNING + timedelta(hours=2))
    work = scheduler(store, jobs)
    assert await work.run_due() == 0
    clock.advance(timedelta(hours=1))
    assert await work.run_due() == 1
    assert await work.run_due() == 0
    assert jobs.done == [("remind", "soon")]


async def test_jobs_survive_a_restart(database_url: str, keys: Keys, clock: FixedClock) -> None:
    jobs = FakeJobs()
    store = await open_store(database_url, keys, clock)
    async with store.transaction() as tx:
        await tx.jobs.schedule("sla", "7", MORNING + timedelta(minutes=5), {"step": 2})
    await store.close()
    clock.advance(timedelta(days=1))
    store = await open_store(database_url, keys, clock)
    assert await scheduler(store, jobs).run_due() == 1
    async with store.reading() as tx:
        assert await tx.settings.get("job-7") == {"step": 2}
    await store.close()


async def test_a_job_that_fails_is_undone_and_tried_again(store: SqlStore, clock: FixedClock) -> None:
    jobs = FakeJobs()
    jobs.fail_times = 1
    async with store.transaction() as tx:
        await tx.jobs.schedule("sla", "bad", MORNING)
        await tx.jobs.schedule("sla", "good", MORNING)
    work = scheduler(store, jobs)
    await work.run_due()
    assert jobs.done == [("sla", "good")]
    async with store.reading() as tx:
        assert await tx.settings.get("job-bad") is None
    assert await work.run_due() == 0  # it pauses first
    clock.advance(timedelta(seconds=10))
    assert await work.run_due() == 1
    assert jobs.done == [("sla", "good"), ("sla", "bad")]


async def test_a_job_may_plan_itself_again(store: SqlStore, clock: FixedClock) -> None:
    class Daily(FakeJobs):
        async def run(self, tx: Transaction, job: Job) -> None:
            await super().run(tx, job)
            await tx.jobs.schedule(job.kind, job.key, job.due_at + timedelta(days=1))

    jobs = Daily()
    async with store.transaction() as tx:
        await tx.jobs.schedule("retention", "daily", MORNING)
    work = scheduler(store, jobs)
    assert await work.run_due() == 1
    assert await work.run_due() == 0
    clock.advance(timedelta(days=1))
    assert await work.run_due() == 1
    assert len(jobs.done) == 2


async def test_a_job_that_takes_another_one_out_keeps_it_from_running(store: SqlStore) -> None:
    class Canceller(FakeJobs):
        async def run(self, tx: Transaction, job: Job) -> None:
            await super().run(tx, job)
            await tx.jobs.cancel("sla", "second")

    jobs = Canceller()
    async with store.transaction() as tx:
        await tx.jobs.schedule("sla", "first", MORNING - timedelta(minutes=1))
        await tx.jobs.schedule("sla", "second", MORNING)
    await scheduler(store, jobs).run_due()
    assert jobs.done == [("sla", "first")]


async def test_a_running_hotline_does_a_new_job_at_its_time(house: House) -> None:
    async with house.running():
        await asyncio.sleep(0.1)
        due = SystemClock().now() + timedelta(seconds=0.2)
        async with house.store.transaction() as tx:
            await tx.jobs.schedule("album", "1", due)
        assert house.jobs.done == []
        await until(lambda: house.jobs.done == [("album", "1")], 2)


async def test_of_two_processes_only_one_does_the_jobs(
    database_url: str, keys: Keys, house: House, live_store: SqlStore
) -> None:
    other = House(await open_store(database_url, keys, SystemClock()), jobs=house.jobs)
    async with house.running(), other.running():
        for number in range(20):
            async with live_store.transaction() as tx:
                await tx.jobs.schedule("sla", str(number), SystemClock().now())
        await until(lambda: len(house.jobs.done) >= 20)
        await asyncio.sleep(0.3)
    assert sorted(house.jobs.done) == sorted(("sla", str(number)) for number in range(20))
    await other.store.close()
