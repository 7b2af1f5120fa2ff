"""Word lists that decide whether a full stop ends a sentence in Vietnamese newswire.

All keys are lower case and without their last full stop.
"""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


#: A name always follows: titles, ranks, kinds of place. "TP. Hồ Chí Minh", "GS.TS. Nguyễn Văn A".
BEFORE_A_NAME = _words(
    """
    tp tx tt q p h x đ ql tl kp kcn tnhh
    ts ths th.s t.s tsk tskh gs pgs gs.ts gs.tskh pgs.ts pgs.tskh bs bscki bsckii ths.bs ts.bs ds ks
    kts ls cn ncs nsnd nsưt nsut ngnd ngưt ngut aht đ/c đc lm ht tt.ts hs
    ct pct tgđ bt tbt
    mr mrs ms mx dr prof rev hon st sr gen col maj lt lt.col capt cpt sgt adm brig sen rep gov pres
    mme mlle mm jr.
    """
)
#: A number follows: page, number, article, volume, figure, telephone.
BEFORE_A_NUMBER = _words("tr no nr nos vol pp art fig đt tel fax ch sđt km")
#: May end a sentence or not; only a word that clearly opens a sentence tells.
ENDS_EITHER_WAY = _words("inc ltd corp co jr bros llc plc u.s u.k u.n u.s.a e.u cie s.a")
#: Words before a capital letter that is a label, not an initial: "bảng B. Đội chủ nhà ..."
BEFORE_A_LETTER = _words(
    """
    bảng nhóm loại hạng vitamin khu lô mục điểm lục gan khối tòa toà nhà cổng án hoạch lớp block
    cúm đội tầng chủng tuýp type dãy phòng khoản hàng cụm bậc kênh đề cấp serie độ mẫu tổ hình bản
    """
)
#: Brand names that carry their own mark.
NAMES_WITH_A_MARK = frozenset({"yahoo"})
#: Words that open sentences in the copy and hardly ever begin a name.
OPENS_A_SENTENCE = _words(
    """
    Theo Trong Tại Ông Bà Đây Điều Tuy Ngoài Bên Về Đối Cũng Hiện Với Các Những Nếu Khi Do Vì Để Đến
    Từ Trước Sau Cùng Như Không Chúng Tôi Họ Ngày Sáng Chiều Tối Qua Nhân Song Nhưng Và Được Nhiều
    Một Hai Kết Đó Thế Còn Đồng Riêng Nay Đã Sẽ Phát Trả Cho Dù Mặc Trên Dưới Giữa Bởi Nhờ Vậy Cuộc
    Sự Việc Đặc Nhằm Hơn Mỗi Mọi Cả Hôm Năm Tháng Đại Phía Cuối Đầu Lần Thời Người Vào Thủ Bộ Chính
    Phó Chủ Tổng Đội Đoàn Hội Giới Nước
    """
)
