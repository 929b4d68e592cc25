"""URL map of the programme's pages in the office: mapping, reporting, monitoring; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import area_picker, mapping, mapping_evidence, mapping_village, monitoring, report_files, report_pages, reporting
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)
VIEW, MAP, DECIDE = Permission.VIEW_PROGRAMME, Permission.MAP_VILLAGES, Permission.DECIDE_PROGRAMME
WRITE, CHECK, RECEIVE = Permission.SEND_REPORTS, Permission.CHECK_REPORTS, Permission.RECEIVE_REPORTS

ROUTES: list[Route] = [
    Route("/mapping/", mapping.mapping, VIEW),
    Route("/mapping/open", mapping.mapping_open, DECIDE, POST),
    Route("/mapping/villages", mapping.mapping_villages, VIEW),
    Route("/mapping/villages.<kind>", mapping.mapping_file, VIEW),
    Route("/mapping/same", mapping.mapping_twins, VIEW),
    Route("/mapping/villages/<village>", mapping_village.mapping_village, VIEW),
    Route("/mapping/villages/<village>/move", mapping_village.mapping_move, DECIDE, POST),
    Route("/mapping/villages/<village>/new", mapping_village.potential_new, MAP, FORM),
    Route("/mapping/potentials/<potential>", mapping_village.potential_edit, MAP, FORM),
    Route("/mapping/potentials/<potential>/remove", mapping_village.potential_remove, MAP, POST),
    Route("/mapping/potentials/<potential>/evidence", mapping_evidence.evidence_new, MAP, FORM),
    Route("/mapping/evidence/<evidence>", mapping_evidence.evidence_file, VIEW),
    Route("/mapping/evidence/<evidence>/remove", mapping_evidence.evidence_remove, MAP, POST),
    Route("/reporting/", reporting.reporting, VIEW),
    Route("/reporting/list", reporting.report_list, VIEW),
    Route("/reporting/roll-up.<kind>", report_files.report_roll_up, VIEW),
    Route("/reporting/periods/new", reporting.period_new, Permission.MANAGE_PERIODS, FORM),
    Route("/reporting/periods/<period>", reporting.period, VIEW),
    Route("/reporting/periods/<period>/lock", reporting.period_lock, Permission.MANAGE_PERIODS, POST),
    Route("/reporting/periods/<period>/reopen", reporting.period_reopen, Permission.REOPEN_PERIODS, POST),
    Route("/reporting/periods/<period>/receive", reporting.period_receive, RECEIVE, POST),
    Route("/reporting/periods/<period>/<village>", report_pages.report_begin, WRITE, FORM),
    Route("/reporting/reports/<report>", report_pages.village_report, VIEW),
    Route("/reporting/reports/<report>/write", report_pages.report_write, WRITE, FORM),
    Route("/reporting/reports/<report>/check", report_pages.report_check, CHECK, POST),
    Route("/reporting/reports/<report>/return", report_pages.report_return, CHECK, POST),
    Route("/reporting/reports/<report>/send-back", report_pages.report_send_back, RECEIVE, POST),
    Route("/reporting/reports/<report>/receive", report_pages.report_receive, RECEIVE, POST),
    Route("/reporting/reports/<report>/correct", report_pages.report_correct, WRITE, POST),
    Route("/reporting/reports/<report>/letter.pdf", report_pages.report_letter, VIEW),
    Route("/monitoring/", monitoring.monitoring, VIEW),
    Route("/monitoring/figures.<kind>", monitoring.monitoring_file, VIEW),
    Route("/areas.json", area_picker.area_picker, Permission.VIEW_OFFICE),
]
