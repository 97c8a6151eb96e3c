"""Posts without end, for benchmarks."""

from itertools import islice

from pipeline.world import posts


def test_as_many_as_asked_with_distinct_ids_and_threads_intact(world):
    told = list(posts(world, 12_000))
    ids = {(each.platform, each.post_id) for each in told}
    assert len(ids) == len(told) == 12_000
    replies = [each for each in told[:5_000] if each.parent_id]
    known = sum((each.platform, each.parent_id) in ids for each in replies)
    assert known / len(replies) > 0.95


def test_nothing_that_may_not_be_kept(world):
    assert all(each.is_keepable for each in posts(world, 5_000))


def test_texts_differ_between_tellings(world):
    told = list(posts(world, 12_000))
    texts = [each.text for each in told if each.text]
    assert len(set(texts)) == len(texts)


def test_told_again_a_text_speaks_of_nobody_else(world):
    names = {name.lower() for each in world.organisations for name in (each.name, *each.aliases)}
    told = list(posts(world, 12_000))
    first = {each.post_id.rpartition("/")[0]: each.text for each in told[:3_000]}
    for each in told[3_000:]:
        before = first.get(each.post_id.rpartition("/")[0])
        if before is not None:
            assert names.isdisjoint(set(each.text.split()) - set(before.split()))


def test_it_is_lazy(world):
    assert len(list(islice(posts(world, 10**12), 10))) == 10
