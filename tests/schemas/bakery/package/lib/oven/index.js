"use strict";
// https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven
// generated from terraform resource schema
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    var desc = Object.getOwnPropertyDescriptor(m, k);
    if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
      desc = { enumerable: true, get: function() { return m[k]; } };
    }
    Object.defineProperty(o, k2, desc);
}) : (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    o[k2] = m[k];
}));
var __setModuleDefault = (this && this.__setModuleDefault) || (Object.create ? (function(o, v) {
    Object.defineProperty(o, "default", { enumerable: true, value: v });
}) : function(o, v) {
    o["default"] = v;
});
var __importStar = (this && this.__importStar) || (function () {
    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) {
            var ar = [];
            for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
            return ar;
        };
        return ownKeys(o);
    };
    return function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        __setModuleDefault(result, mod);
        return result;
    };
})();
Object.defineProperty(exports, "__esModule", { value: true });
exports.Oven = exports.OvenTimeoutsOutputReference = exports.OvenBurnerOutputReference = exports.OvenRackList = exports.OvenRackOutputReference = exports.OvenTrayList = exports.OvenTrayOutputReference = exports.OvenDoorOutputReference = exports.OvenDoorHingeList = exports.OvenDoorHingeOutputReference = exports.OvenSensorsList = exports.OvenSensorsOutputReference = exports.OvenHistoryList = exports.OvenHistoryOutputReference = exports.OvenHistoryNotesList = exports.OvenHistoryNotesOutputReference = void 0;
exports.ovenHistoryNotesToTerraform = ovenHistoryNotesToTerraform;
exports.ovenHistoryNotesToHclTerraform = ovenHistoryNotesToHclTerraform;
exports.ovenHistoryToTerraform = ovenHistoryToTerraform;
exports.ovenHistoryToHclTerraform = ovenHistoryToHclTerraform;
exports.ovenSensorsToTerraform = ovenSensorsToTerraform;
exports.ovenSensorsToHclTerraform = ovenSensorsToHclTerraform;
exports.ovenDoorHingeToTerraform = ovenDoorHingeToTerraform;
exports.ovenDoorHingeToHclTerraform = ovenDoorHingeToHclTerraform;
exports.ovenDoorToTerraform = ovenDoorToTerraform;
exports.ovenDoorToHclTerraform = ovenDoorToHclTerraform;
exports.ovenTrayToTerraform = ovenTrayToTerraform;
exports.ovenTrayToHclTerraform = ovenTrayToHclTerraform;
exports.ovenRackToTerraform = ovenRackToTerraform;
exports.ovenRackToHclTerraform = ovenRackToHclTerraform;
exports.ovenBurnerToTerraform = ovenBurnerToTerraform;
exports.ovenBurnerToHclTerraform = ovenBurnerToHclTerraform;
exports.ovenTimeoutsToTerraform = ovenTimeoutsToTerraform;
exports.ovenTimeoutsToHclTerraform = ovenTimeoutsToHclTerraform;
const cdktn = __importStar(require("cdktn"));
function ovenHistoryNotesToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {};
}
function ovenHistoryNotesToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {};
    return attrs;
}
class OvenHistoryNotesOutputReference extends cdktn.ComplexObject {
    isEmptyObject = false;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, complexObjectIndex, complexObjectIsFromSet) {
        super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
    }
    get internalValue() {
        let hasAnyValues = this.isEmptyObject;
        const internalValueResult = {};
        return hasAnyValues ? internalValueResult : undefined;
    }
    set internalValue(value) {
        if (value === undefined) {
            this.isEmptyObject = false;
        }
        else {
            this.isEmptyObject = Object.keys(value).length === 0;
        }
    }
    // text - computed: true, optional: false, required: false
    get text() {
        return this.getStringAttribute('text');
    }
}
exports.OvenHistoryNotesOutputReference = OvenHistoryNotesOutputReference;
class OvenHistoryNotesList extends cdktn.ComplexList {
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, wrapsSet) {
        super(terraformResource, terraformAttribute, wrapsSet);
    }
    /**
    * @param index the index of the item to return
    */
    get(index) {
        return new OvenHistoryNotesOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
    }
}
exports.OvenHistoryNotesList = OvenHistoryNotesList;
function ovenHistoryToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {};
}
function ovenHistoryToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {};
    return attrs;
}
class OvenHistoryOutputReference extends cdktn.ComplexObject {
    isEmptyObject = false;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, complexObjectIndex, complexObjectIsFromSet) {
        super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
    }
    get internalValue() {
        let hasAnyValues = this.isEmptyObject;
        const internalValueResult = {};
        return hasAnyValues ? internalValueResult : undefined;
    }
    set internalValue(value) {
        if (value === undefined) {
            this.isEmptyObject = false;
        }
        else {
            this.isEmptyObject = Object.keys(value).length === 0;
        }
    }
    // at - computed: true, optional: false, required: false
    get at() {
        return this.getStringAttribute('at');
    }
    // degrees - computed: true, optional: false, required: false
    get degrees() {
        return this.getNumberAttribute('degrees');
    }
    // notes - computed: true, optional: false, required: false
    _notes = new OvenHistoryNotesList(this, "notes", false);
    get notes() {
        return this._notes;
    }
}
exports.OvenHistoryOutputReference = OvenHistoryOutputReference;
class OvenHistoryList extends cdktn.ComplexList {
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, wrapsSet) {
        super(terraformResource, terraformAttribute, wrapsSet);
    }
    /**
    * @param index the index of the item to return
    */
    get(index) {
        return new OvenHistoryOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
    }
}
exports.OvenHistoryList = OvenHistoryList;
function ovenSensorsToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {};
}
function ovenSensorsToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {};
    return attrs;
}
class OvenSensorsOutputReference extends cdktn.ComplexObject {
    isEmptyObject = false;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, complexObjectIndex, complexObjectIsFromSet) {
        super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
    }
    get internalValue() {
        let hasAnyValues = this.isEmptyObject;
        const internalValueResult = {};
        return hasAnyValues ? internalValueResult : undefined;
    }
    set internalValue(value) {
        if (value === undefined) {
            this.isEmptyObject = false;
        }
        else {
            this.isEmptyObject = Object.keys(value).length === 0;
        }
    }
    // kind - computed: true, optional: false, required: false
    get kind() {
        return this.getStringAttribute('kind');
    }
    // on - computed: true, optional: false, required: false
    get on() {
        return this.getBooleanAttribute('on');
    }
}
exports.OvenSensorsOutputReference = OvenSensorsOutputReference;
class OvenSensorsList extends cdktn.ComplexList {
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, wrapsSet) {
        super(terraformResource, terraformAttribute, wrapsSet);
    }
    /**
    * @param index the index of the item to return
    */
    get(index) {
        return new OvenSensorsOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
    }
}
exports.OvenSensorsList = OvenSensorsList;
function ovenDoorHingeToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {
        side: cdktn.stringToTerraform(struct.side),
    };
}
function ovenDoorHingeToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {
        side: {
            value: cdktn.stringToHclTerraform(struct.side),
            isBlock: false,
            type: "simple",
            storageClassType: "string",
        },
    };
    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
}
class OvenDoorHingeOutputReference extends cdktn.ComplexObject {
    isEmptyObject = false;
    resolvableValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, complexObjectIndex, complexObjectIsFromSet) {
        super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
    }
    get internalValue() {
        if (this.resolvableValue) {
            return this.resolvableValue;
        }
        let hasAnyValues = this.isEmptyObject;
        const internalValueResult = {};
        if (this._side !== undefined) {
            hasAnyValues = true;
            internalValueResult.side = this._side;
        }
        return hasAnyValues ? internalValueResult : undefined;
    }
    set internalValue(value) {
        if (value === undefined) {
            this.isEmptyObject = false;
            this.resolvableValue = undefined;
            this._side = undefined;
        }
        else if (cdktn.Tokenization.isResolvable(value)) {
            this.isEmptyObject = false;
            this.resolvableValue = value;
        }
        else {
            this.isEmptyObject = Object.keys(value).length === 0;
            this.resolvableValue = undefined;
            this._side = value.side;
        }
    }
    // side - computed: false, optional: true, required: false
    _side;
    get side() {
        return this.getStringAttribute('side');
    }
    set side(value) {
        this._side = value;
    }
    resetSide() {
        this._side = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get sideInput() {
        return this._side;
    }
}
exports.OvenDoorHingeOutputReference = OvenDoorHingeOutputReference;
class OvenDoorHingeList extends cdktn.ComplexList {
    internalValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, wrapsSet) {
        super(terraformResource, terraformAttribute, wrapsSet);
    }
    /**
    * @param index the index of the item to return
    */
    get(index) {
        return new OvenDoorHingeOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
    }
}
exports.OvenDoorHingeList = OvenDoorHingeList;
function ovenDoorToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {
        material: cdktn.stringToTerraform(struct.material),
        locked: cdktn.booleanToTerraform(struct.locked),
        hinge: cdktn.listMapper(ovenDoorHingeToTerraform, true)(struct.hinge),
    };
}
function ovenDoorToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {
        material: {
            value: cdktn.stringToHclTerraform(struct.material),
            isBlock: false,
            type: "simple",
            storageClassType: "string",
        },
        locked: {
            value: cdktn.booleanToHclTerraform(struct.locked),
            isBlock: false,
            type: "simple",
            storageClassType: "boolean",
        },
        hinge: {
            value: cdktn.listMapperHcl(ovenDoorHingeToHclTerraform, true)(struct.hinge),
            isBlock: true,
            type: "list",
            storageClassType: "OvenDoorHingeList",
        },
    };
    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
}
class OvenDoorOutputReference extends cdktn.ComplexObject {
    isEmptyObject = false;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    */
    constructor(terraformResource, terraformAttribute) {
        super(terraformResource, terraformAttribute, false, 0);
    }
    get internalValue() {
        let hasAnyValues = this.isEmptyObject;
        const internalValueResult = {};
        if (this._material !== undefined) {
            hasAnyValues = true;
            internalValueResult.material = this._material;
        }
        if (this._locked !== undefined) {
            hasAnyValues = true;
            internalValueResult.locked = this._locked;
        }
        if (this._hinge?.internalValue !== undefined) {
            hasAnyValues = true;
            internalValueResult.hinge = this._hinge?.internalValue;
        }
        return hasAnyValues ? internalValueResult : undefined;
    }
    set internalValue(value) {
        if (value === undefined) {
            this.isEmptyObject = false;
            this._material = undefined;
            this._locked = undefined;
            this._hinge.internalValue = undefined;
        }
        else {
            this.isEmptyObject = Object.keys(value).length === 0;
            this._material = value.material;
            this._locked = value.locked;
            this._hinge.internalValue = value.hinge;
        }
    }
    // material - computed: false, optional: false, required: true
    _material;
    get material() {
        return this.getStringAttribute('material');
    }
    set material(value) {
        this._material = value;
    }
    // Temporarily expose input value. Use with caution.
    get materialInput() {
        return this._material;
    }
    // locked - computed: true, optional: true, required: false
    _locked;
    get locked() {
        return this.getBooleanAttribute('locked');
    }
    set locked(value) {
        this._locked = value;
    }
    resetLocked() {
        this._locked = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get lockedInput() {
        return this._locked;
    }
    // serial - computed: true, optional: false, required: false
    get serial() {
        return this.getStringAttribute('serial');
    }
    // hinge - computed: false, optional: true, required: false
    _hinge = new OvenDoorHingeList(this, "hinge", false);
    get hinge() {
        return this._hinge;
    }
    putHinge(value) {
        this._hinge.internalValue = value;
    }
    resetHinge() {
        this._hinge.internalValue = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get hingeInput() {
        return this._hinge.internalValue;
    }
}
exports.OvenDoorOutputReference = OvenDoorOutputReference;
function ovenTrayToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {
        size: cdktn.numberToTerraform(struct.size),
    };
}
function ovenTrayToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {
        size: {
            value: cdktn.numberToHclTerraform(struct.size),
            isBlock: false,
            type: "simple",
            storageClassType: "number",
        },
    };
    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
}
class OvenTrayOutputReference extends cdktn.ComplexObject {
    isEmptyObject = false;
    resolvableValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, complexObjectIndex, complexObjectIsFromSet) {
        super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
    }
    get internalValue() {
        if (this.resolvableValue) {
            return this.resolvableValue;
        }
        let hasAnyValues = this.isEmptyObject;
        const internalValueResult = {};
        if (this._size !== undefined) {
            hasAnyValues = true;
            internalValueResult.size = this._size;
        }
        return hasAnyValues ? internalValueResult : undefined;
    }
    set internalValue(value) {
        if (value === undefined) {
            this.isEmptyObject = false;
            this.resolvableValue = undefined;
            this._size = undefined;
        }
        else if (cdktn.Tokenization.isResolvable(value)) {
            this.isEmptyObject = false;
            this.resolvableValue = value;
        }
        else {
            this.isEmptyObject = Object.keys(value).length === 0;
            this.resolvableValue = undefined;
            this._size = value.size;
        }
    }
    // size - computed: false, optional: false, required: true
    _size;
    get size() {
        return this.getNumberAttribute('size');
    }
    set size(value) {
        this._size = value;
    }
    // Temporarily expose input value. Use with caution.
    get sizeInput() {
        return this._size;
    }
}
exports.OvenTrayOutputReference = OvenTrayOutputReference;
class OvenTrayList extends cdktn.ComplexList {
    internalValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, wrapsSet) {
        super(terraformResource, terraformAttribute, wrapsSet);
    }
    /**
    * @param index the index of the item to return
    */
    get(index) {
        return new OvenTrayOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
    }
}
exports.OvenTrayList = OvenTrayList;
function ovenRackToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {
        level: cdktn.numberToTerraform(struct.level),
    };
}
function ovenRackToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {
        level: {
            value: cdktn.numberToHclTerraform(struct.level),
            isBlock: false,
            type: "simple",
            storageClassType: "number",
        },
    };
    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
}
class OvenRackOutputReference extends cdktn.ComplexObject {
    isEmptyObject = false;
    resolvableValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, complexObjectIndex, complexObjectIsFromSet) {
        super(terraformResource, terraformAttribute, complexObjectIsFromSet, complexObjectIndex);
    }
    get internalValue() {
        if (this.resolvableValue) {
            return this.resolvableValue;
        }
        let hasAnyValues = this.isEmptyObject;
        const internalValueResult = {};
        if (this._level !== undefined) {
            hasAnyValues = true;
            internalValueResult.level = this._level;
        }
        return hasAnyValues ? internalValueResult : undefined;
    }
    set internalValue(value) {
        if (value === undefined) {
            this.isEmptyObject = false;
            this.resolvableValue = undefined;
            this._level = undefined;
        }
        else if (cdktn.Tokenization.isResolvable(value)) {
            this.isEmptyObject = false;
            this.resolvableValue = value;
        }
        else {
            this.isEmptyObject = Object.keys(value).length === 0;
            this.resolvableValue = undefined;
            this._level = value.level;
        }
    }
    // level - computed: false, optional: true, required: false
    _level;
    get level() {
        return this.getNumberAttribute('level');
    }
    set level(value) {
        this._level = value;
    }
    resetLevel() {
        this._level = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get levelInput() {
        return this._level;
    }
}
exports.OvenRackOutputReference = OvenRackOutputReference;
class OvenRackList extends cdktn.ComplexList {
    internalValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource, terraformAttribute, wrapsSet) {
        super(terraformResource, terraformAttribute, wrapsSet);
    }
    /**
    * @param index the index of the item to return
    */
    get(index) {
        return new OvenRackOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
    }
}
exports.OvenRackList = OvenRackList;
function ovenBurnerToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {
        gas: cdktn.booleanToTerraform(struct.gas),
    };
}
function ovenBurnerToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {
        gas: {
            value: cdktn.booleanToHclTerraform(struct.gas),
            isBlock: false,
            type: "simple",
            storageClassType: "boolean",
        },
    };
    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
}
class OvenBurnerOutputReference extends cdktn.ComplexObject {
    isEmptyObject = false;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    */
    constructor(terraformResource, terraformAttribute) {
        super(terraformResource, terraformAttribute, false, 0);
    }
    get internalValue() {
        let hasAnyValues = this.isEmptyObject;
        const internalValueResult = {};
        if (this._gas !== undefined) {
            hasAnyValues = true;
            internalValueResult.gas = this._gas;
        }
        return hasAnyValues ? internalValueResult : undefined;
    }
    set internalValue(value) {
        if (value === undefined) {
            this.isEmptyObject = false;
            this._gas = undefined;
        }
        else {
            this.isEmptyObject = Object.keys(value).length === 0;
            this._gas = value.gas;
        }
    }
    // gas - computed: false, optional: true, required: false
    _gas;
    get gas() {
        return this.getBooleanAttribute('gas');
    }
    set gas(value) {
        this._gas = value;
    }
    resetGas() {
        this._gas = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get gasInput() {
        return this._gas;
    }
}
exports.OvenBurnerOutputReference = OvenBurnerOutputReference;
function ovenTimeoutsToTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    return {
        create: cdktn.stringToTerraform(struct.create),
    };
}
function ovenTimeoutsToHclTerraform(struct) {
    if (!cdktn.canInspect(struct) || cdktn.Tokenization.isResolvable(struct)) {
        return struct;
    }
    if (cdktn.isComplexElement(struct)) {
        throw new Error("A complex element was used as configuration, this is not supported: https://cdktn.io/docs/concepts/resources#references");
    }
    const attrs = {
        create: {
            value: cdktn.stringToHclTerraform(struct.create),
            isBlock: false,
            type: "simple",
            storageClassType: "string",
        },
    };
    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
}
class OvenTimeoutsOutputReference extends cdktn.ComplexObject {
    isEmptyObject = false;
    resolvableValue;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    */
    constructor(terraformResource, terraformAttribute) {
        super(terraformResource, terraformAttribute, false);
    }
    get internalValue() {
        if (this.resolvableValue) {
            return this.resolvableValue;
        }
        let hasAnyValues = this.isEmptyObject;
        const internalValueResult = {};
        if (this._create !== undefined) {
            hasAnyValues = true;
            internalValueResult.create = this._create;
        }
        return hasAnyValues ? internalValueResult : undefined;
    }
    set internalValue(value) {
        if (value === undefined) {
            this.isEmptyObject = false;
            this.resolvableValue = undefined;
            this._create = undefined;
        }
        else if (cdktn.Tokenization.isResolvable(value)) {
            this.isEmptyObject = false;
            this.resolvableValue = value;
        }
        else {
            this.isEmptyObject = Object.keys(value).length === 0;
            this.resolvableValue = undefined;
            this._create = value.create;
        }
    }
    // create - computed: false, optional: true, required: false
    _create;
    get create() {
        return this.getStringAttribute('create');
    }
    set create(value) {
        this._create = value;
    }
    resetCreate() {
        this._create = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get createInput() {
        return this._create;
    }
}
exports.OvenTimeoutsOutputReference = OvenTimeoutsOutputReference;
/**
* Represents a {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven bakery_oven}
*/
class Oven extends cdktn.TerraformResource {
    // =================
    // STATIC PROPERTIES
    // =================
    static tfResourceType = "bakery_oven";
    // ==============
    // STATIC Methods
    // ==============
    /**
    * Generates CDKTN code for importing a Oven resource upon running "cdktn plan <stack-name>"
    * @param scope The scope in which to define this construct
    * @param importToId The construct id used in the generated config for the Oven to import
    * @param importFromId The id of the existing Oven that should be imported. Refer to the {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven#import import section} in the documentation of this resource for the id to use
    * @param provider? Optional instance of the provider where the Oven to import is found
    */
    static generateConfigForImport(scope, importToId, importFromId, provider) {
        return new cdktn.ImportableResource(scope, importToId, { terraformResourceType: "bakery_oven", importId: importFromId, provider });
    }
    // ===========
    // INITIALIZER
    // ===========
    /**
    * Create a new {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/resources/oven bakery_oven} Resource
    *
    * @param scope The scope in which to define this construct
    * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
    * @param options OvenConfig
    */
    constructor(scope, id, config) {
        super(scope, id, {
            terraformResourceType: 'bakery_oven',
            terraformGeneratorMetadata: {
                providerName: 'bakery',
                providerVersion: '1.0.0'
            },
            provider: config.provider,
            dependsOn: config.dependsOn,
            count: config.count,
            lifecycle: config.lifecycle,
            provisioners: config.provisioners,
            connection: config.connection,
            forEach: config.forEach
        });
        this._id = config.id;
        this._name = config.name;
        this._degrees = config.degrees;
        this._fan = config.fan;
        this._shelves = config.shelves;
        this._labels = config.labels;
        this._numbers = config.numbers;
        this._slots = config.slots;
        this._tags = config.tags;
        this._limits = config.limits;
        this._switches = config.switches;
        this._keyWo = config.keyWo;
        this._keyWoVersion = config.keyWoVersion;
        this._door.internalValue = config.door;
        this._tray.internalValue = config.tray;
        this._rack.internalValue = config.rack;
        this._burner.internalValue = config.burner;
        this._timeouts.internalValue = config.timeouts;
    }
    // ==========
    // ATTRIBUTES
    // ==========
    // id - computed: true, optional: true, required: false
    _id;
    get id() {
        return this.getStringAttribute('id');
    }
    set id(value) {
        this._id = value;
    }
    resetId() {
        this._id = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get idInput() {
        return this._id;
    }
    // name - computed: false, optional: false, required: true
    _name;
    get name() {
        return this.getStringAttribute('name');
    }
    set name(value) {
        this._name = value;
    }
    // Temporarily expose input value. Use with caution.
    get nameInput() {
        return this._name;
    }
    // degrees - computed: false, optional: true, required: false
    _degrees;
    get degrees() {
        return this.getNumberAttribute('degrees');
    }
    set degrees(value) {
        this._degrees = value;
    }
    resetDegrees() {
        this._degrees = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get degreesInput() {
        return this._degrees;
    }
    // fan - computed: true, optional: true, required: false
    _fan;
    get fan() {
        return this.getBooleanAttribute('fan');
    }
    set fan(value) {
        this._fan = value;
    }
    resetFan() {
        this._fan = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get fanInput() {
        return this._fan;
    }
    // shelves - computed: false, optional: true, required: false
    _shelves;
    get shelves() {
        return this.getListAttribute('shelves');
    }
    set shelves(value) {
        this._shelves = value;
    }
    resetShelves() {
        this._shelves = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get shelvesInput() {
        return this._shelves;
    }
    // labels - computed: true, optional: true, required: false
    _labels;
    get labels() {
        return cdktn.Fn.tolist(this.getListAttribute('labels'));
    }
    set labels(value) {
        this._labels = value;
    }
    resetLabels() {
        this._labels = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get labelsInput() {
        return this._labels;
    }
    // numbers - computed: false, optional: true, required: false
    _numbers;
    get numbers() {
        return this.getNumberListAttribute('numbers');
    }
    set numbers(value) {
        this._numbers = value;
    }
    resetNumbers() {
        this._numbers = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get numbersInput() {
        return this._numbers;
    }
    // slots - computed: false, optional: true, required: false
    _slots;
    get slots() {
        return cdktn.Token.asNumberList(cdktn.Fn.tolist(this.getNumberListAttribute('slots')));
    }
    set slots(value) {
        this._slots = value;
    }
    resetSlots() {
        this._slots = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get slotsInput() {
        return this._slots;
    }
    // tags - computed: false, optional: true, required: false
    _tags;
    get tags() {
        return this.getStringMapAttribute('tags');
    }
    set tags(value) {
        this._tags = value;
    }
    resetTags() {
        this._tags = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get tagsInput() {
        return this._tags;
    }
    // limits - computed: false, optional: true, required: false
    _limits;
    get limits() {
        return this.getNumberMapAttribute('limits');
    }
    set limits(value) {
        this._limits = value;
    }
    resetLimits() {
        this._limits = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get limitsInput() {
        return this._limits;
    }
    // switches - computed: false, optional: true, required: false
    _switches;
    get switches() {
        return this.getBooleanMapAttribute('switches');
    }
    set switches(value) {
        this._switches = value;
    }
    resetSwitches() {
        this._switches = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get switchesInput() {
        return this._switches;
    }
    // tags_all - computed: true, optional: false, required: false
    _tagsAll = new cdktn.StringMap(this, "tags_all");
    get tagsAll() {
        return this._tagsAll;
    }
    // history - computed: true, optional: false, required: false
    _history = new OvenHistoryList(this, "history", false);
    get history() {
        return this._history;
    }
    // sensors - computed: true, optional: false, required: false
    _sensors = new OvenSensorsList(this, "sensors", true);
    get sensors() {
        return this._sensors;
    }
    // endpoints - computed: true, optional: false, required: false
    get endpoints() {
        return this.getListAttribute('endpoints');
    }
    // ports - computed: true, optional: false, required: false
    get ports() {
        return cdktn.Fn.tolist(this.getListAttribute('ports'));
    }
    // key_wo - computed: false, optional: true, required: false
    _keyWo;
    /**
    * @deprecated Write-only: the provider never returns this value; reading it always yields null by protocol contract. The getter remains for compatibility and will be removed in a future prebuilt-provider major.
    */
    get keyWo() {
        return this.getStringAttribute('key_wo');
    }
    set keyWo(value) {
        this._keyWo = value;
    }
    resetKeyWo() {
        this._keyWo = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get keyWoInput() {
        return this._keyWo;
    }
    // key_wo_version - computed: false, optional: true, required: false
    _keyWoVersion;
    get keyWoVersion() {
        return this.getNumberAttribute('key_wo_version');
    }
    set keyWoVersion(value) {
        this._keyWoVersion = value;
    }
    resetKeyWoVersion() {
        this._keyWoVersion = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get keyWoVersionInput() {
        return this._keyWoVersion;
    }
    // door - computed: false, optional: false, required: true
    _door = new OvenDoorOutputReference(this, "door");
    get door() {
        return this._door;
    }
    putDoor(value) {
        this._door.internalValue = value;
    }
    // Temporarily expose input value. Use with caution.
    get doorInput() {
        return this._door.internalValue;
    }
    // tray - computed: false, optional: true, required: false
    _tray = new OvenTrayList(this, "tray", true);
    get tray() {
        return this._tray;
    }
    putTray(value) {
        this._tray.internalValue = value;
    }
    resetTray() {
        this._tray.internalValue = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get trayInput() {
        return this._tray.internalValue;
    }
    // rack - computed: false, optional: true, required: false
    _rack = new OvenRackList(this, "rack", false);
    get rack() {
        return this._rack;
    }
    putRack(value) {
        this._rack.internalValue = value;
    }
    resetRack() {
        this._rack.internalValue = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get rackInput() {
        return this._rack.internalValue;
    }
    // burner - computed: false, optional: true, required: false
    _burner = new OvenBurnerOutputReference(this, "burner");
    get burner() {
        return this._burner;
    }
    putBurner(value) {
        this._burner.internalValue = value;
    }
    resetBurner() {
        this._burner.internalValue = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get burnerInput() {
        return this._burner.internalValue;
    }
    // timeouts - computed: false, optional: true, required: false
    _timeouts = new OvenTimeoutsOutputReference(this, "timeouts");
    get timeouts() {
        return this._timeouts;
    }
    putTimeouts(value) {
        this._timeouts.internalValue = value;
    }
    resetTimeouts() {
        this._timeouts.internalValue = undefined;
    }
    // Temporarily expose input value. Use with caution.
    get timeoutsInput() {
        return this._timeouts.internalValue;
    }
    // =========
    // SYNTHESIS
    // =========
    synthesizeAttributes() {
        return {
            id: cdktn.stringToTerraform(this._id),
            name: cdktn.stringToTerraform(this._name),
            degrees: cdktn.numberToTerraform(this._degrees),
            fan: cdktn.booleanToTerraform(this._fan),
            shelves: cdktn.listMapper(cdktn.stringToTerraform, false)(this._shelves),
            labels: cdktn.listMapper(cdktn.stringToTerraform, false)(this._labels),
            numbers: cdktn.listMapper(cdktn.numberToTerraform, false)(this._numbers),
            slots: cdktn.listMapper(cdktn.numberToTerraform, false)(this._slots),
            tags: cdktn.hashMapper(cdktn.stringToTerraform)(this._tags),
            limits: cdktn.hashMapper(cdktn.numberToTerraform)(this._limits),
            switches: cdktn.hashMapper(cdktn.booleanToTerraform)(this._switches),
            key_wo: this.markWriteOnlyAttribute(cdktn.stringToTerraform(this._keyWo)),
            key_wo_version: cdktn.numberToTerraform(this._keyWoVersion),
            door: ovenDoorToTerraform(this._door.internalValue),
            tray: cdktn.listMapper(ovenTrayToTerraform, true)(this._tray.internalValue),
            rack: cdktn.listMapper(ovenRackToTerraform, true)(this._rack.internalValue),
            burner: ovenBurnerToTerraform(this._burner.internalValue),
            timeouts: ovenTimeoutsToTerraform(this._timeouts.internalValue),
        };
    }
    synthesizeHclAttributes() {
        const attrs = {
            id: {
                value: cdktn.stringToHclTerraform(this._id),
                isBlock: false,
                type: "simple",
                storageClassType: "string",
            },
            name: {
                value: cdktn.stringToHclTerraform(this._name),
                isBlock: false,
                type: "simple",
                storageClassType: "string",
            },
            degrees: {
                value: cdktn.numberToHclTerraform(this._degrees),
                isBlock: false,
                type: "simple",
                storageClassType: "number",
            },
            fan: {
                value: cdktn.booleanToHclTerraform(this._fan),
                isBlock: false,
                type: "simple",
                storageClassType: "boolean",
            },
            shelves: {
                value: cdktn.listMapperHcl(cdktn.stringToHclTerraform, false)(this._shelves),
                isBlock: false,
                type: "list",
                storageClassType: "stringList",
            },
            labels: {
                value: cdktn.listMapperHcl(cdktn.stringToHclTerraform, false)(this._labels),
                isBlock: false,
                type: "set",
                storageClassType: "stringList",
            },
            numbers: {
                value: cdktn.listMapperHcl(cdktn.numberToHclTerraform, false)(this._numbers),
                isBlock: false,
                type: "list",
                storageClassType: "numberList",
            },
            slots: {
                value: cdktn.listMapperHcl(cdktn.numberToHclTerraform, false)(this._slots),
                isBlock: false,
                type: "set",
                storageClassType: "numberList",
            },
            tags: {
                value: cdktn.hashMapperHcl(cdktn.stringToHclTerraform)(this._tags),
                isBlock: false,
                type: "map",
                storageClassType: "stringMap",
            },
            limits: {
                value: cdktn.hashMapperHcl(cdktn.numberToHclTerraform)(this._limits),
                isBlock: false,
                type: "map",
                storageClassType: "numberMap",
            },
            switches: {
                value: cdktn.hashMapperHcl(cdktn.booleanToHclTerraform)(this._switches),
                isBlock: false,
                type: "map",
                storageClassType: "booleanMap",
            },
            key_wo: {
                value: this.markWriteOnlyAttribute(cdktn.stringToHclTerraform(this._keyWo)),
                isBlock: false,
                type: "simple",
                storageClassType: "string",
            },
            key_wo_version: {
                value: cdktn.numberToHclTerraform(this._keyWoVersion),
                isBlock: false,
                type: "simple",
                storageClassType: "number",
            },
            door: {
                value: ovenDoorToHclTerraform(this._door.internalValue),
                isBlock: true,
                type: "list",
                storageClassType: "OvenDoorList",
            },
            tray: {
                value: cdktn.listMapperHcl(ovenTrayToHclTerraform, true)(this._tray.internalValue),
                isBlock: true,
                type: "set",
                storageClassType: "OvenTrayList",
            },
            rack: {
                value: cdktn.listMapperHcl(ovenRackToHclTerraform, true)(this._rack.internalValue),
                isBlock: true,
                type: "list",
                storageClassType: "OvenRackList",
            },
            burner: {
                value: ovenBurnerToHclTerraform(this._burner.internalValue),
                isBlock: true,
                type: "list",
                storageClassType: "OvenBurnerList",
            },
            timeouts: {
                value: ovenTimeoutsToHclTerraform(this._timeouts.internalValue),
                isBlock: true,
                type: "struct",
                storageClassType: "OvenTimeouts",
            },
        };
        // remove undefined attributes
        return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined));
    }
}
exports.Oven = Oven;
