"""What Forms 1099 make of Form 8949: whose figures stand in (d) and (e), and what (f) and (g) say of the difference.

"Always report the proceeds (sales price) shown on the form (or statement) ... in column (d)", and so the basis in (e)
where it was reported to the IRS; what is wrong with them is corrected in (g) (Instructions for Form 8949 (2025), page
1). Figures move between (d), (e) and (g); column (h), the term and the lots stay what the ledger makes them.
"""
