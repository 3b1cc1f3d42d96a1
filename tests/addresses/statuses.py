"""What each person gets at an address, in the order of ``PEOPLE``: the rows of the table."""

LOGIN, OK, MOVED, FORBIDDEN, HIDDEN, POST_ONLY = "login", 200, 302, 403, 404, 405

# Those who sign in, in the order of the columns below.
PEOPLE = ("nobody", "clerk", "officer", "reader", "follower", "foreign_clerk", "outsider", "ungranted")

# What somebody reads: own scope yes, elsewhere as if it were not there.
READ = (LOGIN, OK, OK, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
READ_HAMLET = (LOGIN, OK, OK, OK, OK, HIDDEN, HIDDEN, HIDDEN)
# What somebody changes: the permission first (403), then the scope (404).
KEEP = (LOGIN, OK, OK, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN, HIDDEN)
EVERYBODY = (LOGIN, OK, OK, OK, OK, OK, OK, OK)
# What somebody has started themselves.
OWN = (LOGIN, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
# A button without a page; tests beside the page say who may press it.
BUTTON = (LOGIN,) + (POST_ONLY,) * 7
# Begun where one keeps a commune or a province.
BEGUN_BY_PROVINCE = (LOGIN, FORBIDDEN, OK, FORBIDDEN, FORBIDDEN, FORBIDDEN, OK, HIDDEN)
PROPOSED = (LOGIN, OK, OK, FORBIDDEN, FORBIDDEN, OK, HIDDEN, HIDDEN)
PROPOSED_FOR_CELLS = (LOGIN, OK, OK, FORBIDDEN, FORBIDDEN, OK, OK, HIDDEN)
APPLIED = (LOGIN, FORBIDDEN, OK, FORBIDDEN, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN)
# Of an event that was not carried out nothing is corrected.
CORRECTED = (LOGIN, FORBIDDEN, HIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN)
DRAFTERS = (LOGIN, OK, OK, FORBIDDEN, FORBIDDEN, OK, OK, OK)
# Of files: handed in by whoever keeps data, an act that the file's state does not allow leads to its page.
HANDED_IN = (LOGIN, OK, OK, FORBIDDEN, FORBIDDEN, OK, OK, OK)
READ_BY_SENDERS = (LOGIN, OK, OK, FORBIDDEN, FORBIDDEN, OK, OK, OK)
IMPORT_CHECKED = (LOGIN, HIDDEN, HIDDEN, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN, HIDDEN)
# What a commune has in work is its own: the province sees it once it is sent.
OWN_FILE = (LOGIN, OK, HIDDEN, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN, HIDDEN)
IMPORT_ACT = (LOGIN, FORBIDDEN, HIDDEN, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN, HIDDEN)
IMPORT_ENDED = (LOGIN, MOVED, HIDDEN, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN, HIDDEN)
# Issued by the office whose paper it is.
ISSUED = (LOGIN, OK, FORBIDDEN, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN, HIDDEN)
# A template is that of the whole province.
OF_PROVINCE = (LOGIN, OK, OK, OK, OK, OK, HIDDEN, HIDDEN)
# The review as the province reads and runs it; a commune has a page of its own.
PROVINCE_READS = (LOGIN, HIDDEN, OK, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
COMMITTEES = (LOGIN, HIDDEN, OK, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
# Telephone numbers are not for those who only read figures.
CALLED = (LOGIN, HIDDEN, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
RESULTS = (LOGIN, OK, OK, OK, HIDDEN, OK, HIDDEN, HIDDEN)
# The commune's own page of the review: what it enters and decides nobody else does. Nothing is put or decided yet.
ENTERED = (LOGIN, OK, FORBIDDEN, FORBIDDEN, FORBIDDEN, HIDDEN, FORBIDDEN, FORBIDDEN)
NOT_PUT_YET = (LOGIN, MOVED, FORBIDDEN, FORBIDDEN, FORBIDDEN, HIDDEN, FORBIDDEN, FORBIDDEN)
NOT_SENT_YET = (LOGIN, OK, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
NOT_DECIDED_YET = (LOGIN, FORBIDDEN, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
LIST_IS_FIXED = (LOGIN, MOVED, MOVED, MOVED, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
# Whoever reads a figure may say that it is wrong.
SAID = (LOGIN, OK, OK, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
SAID_OF_COUNTRY = (LOGIN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
# Titles are decided for a province; where somebody keeps none, nothing waits.
RECOGNISED_BY_PROVINCE = (LOGIN, FORBIDDEN, OK, FORBIDDEN, FORBIDDEN, FORBIDDEN, OK, OK)
LISTED_FOR_PROVINCE = (LOGIN, FORBIDDEN, OK, FORBIDDEN, FORBIDDEN, FORBIDDEN, OK, OK)
COUNTRY_ONLY = (LOGIN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)

# A commune assigns and looks into what is its own; what the province assigned it only reads.
BEGUN_WHERE_KEPT = (LOGIN, OK, OK, FORBIDDEN, FORBIDDEN, OK, OK, HIDDEN)
OF_PROVINCE_ONLY = (LOGIN, FORBIDDEN, OK, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN, HIDDEN)
# Who keeps one commune alone is led to its form.
INSPECTED = (LOGIN, MOVED, OK, FORBIDDEN, FORBIDDEN, MOVED, OK, HIDDEN)

FORMS = (
    RECOGNISED_BY_PROVINCE,
    SAID,
    SAID_OF_COUNTRY,
    NOT_PUT_YET,
    NOT_DECIDED_YET,
    LIST_IS_FIXED,
    COMMITTEES,
    ISSUED,
    HANDED_IN,
    IMPORT_ACT,
    IMPORT_ENDED,
    OWN_FILE,
    KEEP,
    BEGUN_BY_PROVINCE,
    PROPOSED,
    PROPOSED_FOR_CELLS,
    APPLIED,
    CORRECTED,
    BEGUN_WHERE_KEPT,
    OF_PROVINCE_ONLY,
    INSPECTED,
)
