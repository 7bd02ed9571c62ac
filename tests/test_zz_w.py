import time, pytest
@pytest.mark.django_db
@pytest.mark.parametrize("c", ["join","join","contribute","allocate","allocate","license","license","settle","settle"])
def test_tell(c):
    import world
    t=time.time(); w=world.tell(c); print(c, round(time.time()-t,2))
    from contributions.models import Entry
    print(Entry.objects.count(), w.clock)
