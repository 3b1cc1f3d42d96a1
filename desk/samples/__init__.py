"""Sample data: the figures of five articles in their real communes, everything else synthetic.

``loading.load()`` writes all of it in one change set, ``loading.remove()`` takes that back.
"""
