// How the files are called that instruments leave in a report. Apart from the instruments, which are large: who writes a
// link needs the name alone.
export const DOCTOR_PAGE = "doctor.html";
export const PROFILES_FOLDER = "profiles";
